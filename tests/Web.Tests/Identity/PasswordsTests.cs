using Tracker.Web.Identity;

namespace Tracker.Web.Tests.Identity;

public sealed class PasswordsTests
{
    [Theory]
    [InlineData("short", "characters")]
    [InlineData("aaaaaaaaaaaaaa", "different characters")]
    [InlineData("Password2026!", "guessed first")]
    [InlineData("p4ssw0rd123", "guessed first")]
    [InlineData("Butterfly_1987", "guessed first")]
    [InlineData("snickers!!!!1", "guessed first")]
    [InlineData("QWERTYUIOP", "guessed first")]
    [InlineData("annabelle1234", "little more than the name")]
    public void A_password_that_is_easily_guessed_is_refused_with_the_reason(string password, string reason) =>
        Passwords.Fault(password, "annabelle").ShouldNotBeNull().ShouldContain(reason);

    [Theory]
    [InlineData("river gate", PasswordStrength.Fair)]
    [InlineData("river gate lamp", PasswordStrength.Good)]
    [InlineData("river gate lamp cinder", PasswordStrength.Strong)]
    [InlineData("password1234", PasswordStrength.Weak)]
    public void Length_is_what_makes_a_password_strong(string password, PasswordStrength strength) =>
        Passwords.StrengthOf(password, "annabelle").ShouldBe(strength);

    [Fact]
    public void Tens_of_thousands_of_passwords_from_leaks_are_known() => Passwords.CommonCount.ShouldBeGreaterThan(30_000);

    [Fact]
    public void Generated_passwords_are_strong_and_differ()
    {
        var made = Enumerable.Range(0, 50).Select(_ => Passwords.Generate()).ToList();
        made.Distinct().Count().ShouldBe(50);
        made.ShouldAllBe(p => Passwords.StrengthOf(p, "admin") == PasswordStrength.Strong);
    }
}
