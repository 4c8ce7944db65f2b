namespace Tracker.Domain.Tests;

public sealed class MethodTests
{
    [Fact]
    public void Every_method_is_read_back_from_its_canonical_form() =>
        Properties.Check(Specs.Methods, method =>
        {
            Method.TryParse(method.ToString(), out var read, out _).ShouldBeTrue();
            read.ShouldBe(method);
        });

    [Fact]
    public void Techniques_may_come_in_any_order()
    {
        Method.TryParse("lb+ra+gbn+lr", out var method, out _).ShouldBeTrue();

        method!.ToString().ShouldBe("lb+lr+gbn+ra");
    }

    [Theory]
    [InlineData("")]
    [InlineData("LB")]
    [InlineData("lb+")]
    [InlineData("lb+lr+lr")]
    [InlineData("lb +lr")]
    [InlineData("+lr")]
    public void Other_texts_are_refused_with_a_reason(string text)
    {
        Method.TryParse(text, out var method, out var error).ShouldBeFalse();

        method.ShouldBeNull();
        error.ShouldNotBeNullOrWhiteSpace();
    }

    [Theory]
    [InlineData("sb", 0, "SB")]
    [InlineData("lb", 1, "LB")]
    [InlineData("lb+lr", 2, "+LR")]
    [InlineData("lb+lr+gbn", 3, "+GBN")]
    [InlineData("lb+lr+gbn+ra", 4, "+RA")]
    [InlineData("lb+gbn", null, "LB +GBN")]
    [InlineData("lb+ra+noise", null, "LB +RA +NOISE")]
    public void Methods_know_their_column_and_title(string text, int? column, string title)
    {
        Method.TryParse(text, out var method, out _).ShouldBeTrue();

        method!.TableColumn.ShouldBe(column);
        method.Title.ShouldBe(title);
    }
}
