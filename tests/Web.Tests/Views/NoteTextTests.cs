using Tracker.Web.Views;

namespace Tracker.Web.Tests.Views;

public sealed class NoteTextTests
{
    [Fact]
    public void Empty_lines_part_paragraphs_and_others_break_them() =>
        Show("One\r\ntwo\n\n \n\nthree\n").ShouldBe("[One|two][three]");

    [Theory]
    [InlineData("See https://example.org/a?b=1, it says.", "[See <https://example.org/a?b=1=https://example.org/a?b=1>, it says.]")]
    [InlineData("(http://x.y/z)", "[(<http://x.y/z=http://x.y/z>)]")]
    [InlineData("Like run 12.", "[Like <run 12=runs/12>.]")]
    [InlineData("Rerun 12, run 0, run12", "[Rerun 12, run 0, run12]")]
    [InlineData("javascript:alert(1) <b>", "[javascript:alert(1) <b>]")]
    public void Addresses_and_runs_become_links(string notes, string shown) => Show(notes).ShouldBe(shown);

    [Fact]
    public void Nothing_has_no_paragraphs() => NoteText.Paragraphs(" \n ").ShouldBeEmpty();

    private static string Show(string notes) => string.Concat(NoteText.Paragraphs(notes).Select(paragraph =>
        $"[{string.Join('|', paragraph.Select(line => string.Concat(line.Select(part => part.Href is null ? part.Text : $"<{part.Text}={part.Href}>"))))}]"));
}
