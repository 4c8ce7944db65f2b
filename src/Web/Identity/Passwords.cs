using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace Tracker.Web.Identity;

/// <summary>How well a password withstands guessing.</summary>
public enum PasswordStrength
{
    /// <summary>Refused.</summary>
    Weak,
    Fair,
    Good,
    Strong,
}

/// <summary>Makes and judges passwords.</summary>
public static class Passwords
{
    private const int GoodLength = 14;
    private const int StrongLength = 20;
    private static readonly FrozenSet<string> s_common = Read();

    /// <summary>20 characters of an alphabet without look-alikes: more than 110 bits.</summary>
    public static string Generate() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);

    /// <summary>Why a password is refused, or <see langword="null"/>.</summary>
    public static string? Fault(string password, string? userName)
    {
        if (password.Length < Hosting.Settings.MinPasswordLength)
            return $"It has {password.Length} characters. Take at least {Hosting.Settings.MinPasswordLength}.";
        if (password.Distinct().Count() < AccountsSetup.MinUniqueCharacters)
            return $"Take at least {AccountsSetup.MinUniqueCharacters} different characters.";
        if (IsCommon(password)) return "It is among the passwords that are guessed first. Take several words that do not belong together.";
        return userName is { Length: >= 4 } && password.Contains(userName, StringComparison.OrdinalIgnoreCase) && password.Length < userName.Length + Hosting.Settings.MinPasswordLength
            ? "It is little more than the name. Take several words that do not belong together."
            : null;
    }

    /// <summary>By length, since that is what makes passwords strong.</summary>
    public static PasswordStrength StrengthOf(string password, string? userName) =>
        Fault(password, userName) is not null ? PasswordStrength.Weak
        : password.Length >= StrongLength ? PasswordStrength.Strong
        : password.Length >= GoodLength ? PasswordStrength.Good
        : PasswordStrength.Fair;

    /// <summary>How many are known.</summary>
    public static int CommonCount => s_common.Count;

    /// <summary>Whether it is a common password, also with digits and signs behind it, in capitals, or with letters written as digits.</summary>
    public static bool IsCommon(string password)
    {
        var lower = password.ToLowerInvariant();
        return new[] { lower, lower.TrimEnd("0123456789!?.-_#*$@+ ".ToCharArray()) }.SelectMany(text => new[] { text, Spelled(text) }).Any(text => text.Length > 0 && s_common.Contains(text));
    }

    private static string Spelled(string text) =>
        string.Concat(text.Select(c => c switch { '0' => 'o', '1' => 'i', '3' => 'e', '4' => 'a', '5' => 's', '7' => 't', '@' => 'a', '$' => 's', '!' => 'i', _ => c }));

    /// <summary>Our own list, and 30,000 from leaks, the commonest first, which a library for judging passwords brings along.</summary>
    private static FrozenSet<string> Read() => Lines("common-passwords.txt").SelectMany(line => line.Split(' '))
        .Concat(Lines("frequency_lists.js").Single(line => line.TrimStart().StartsWith("passwords: \"", StringComparison.Ordinal)).Split('"')[1].Split(','))
        .Where(word => word.Length > 0).ToFrozenSet(StringComparer.Ordinal);

    private static IEnumerable<string> Lines(string file)
    {
        using var stream = typeof(Passwords).Assembly.GetManifestResourceStream($"Tracker.Web.Identity.{file}")
            ?? throw new InvalidOperationException($"The list of common passwords {file} is not in the program.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return line;
    }
}

/// <summary>Refuses passwords that are guessed first, wherever one is set.</summary>
public sealed class CommonPasswords : IPasswordValidator<TrackerUser>
{
    public Task<IdentityResult> ValidateAsync(UserManager<TrackerUser> manager, TrackerUser user, string? password)
    {
        // Length and variety are told by Identity's own validator.
        var fault = password is null || password.Length < Hosting.Settings.MinPasswordLength || password.Distinct().Count() < AccountsSetup.MinUniqueCharacters
            ? null
            : Passwords.Fault(password, user.UserName);
        return Task.FromResult(fault is null ? IdentityResult.Success : IdentityResult.Failed(new IdentityError { Code = "CommonPassword", Description = fault }));
    }
}
