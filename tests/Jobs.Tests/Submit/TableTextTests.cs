using Tracker.Jobs.Submit;

namespace Tracker.Jobs.Tests.Submit;

public class TableTextTests
{
    [Fact]
    public void A_row_shows_mean_spread_and_seeds_and_says_what_is_missing()
    {
        var table = new TableReply("Table 1", ["SB", "LB", "+LR", "+GBN", "+RA"],
        [
            new("F1", "Fashion-MNIST", 128, 2048, 128, 6, 10_000, 60_000, "rate 0.02",
            [
                new(2, 86.2449, 0.0495, null, 2, 0, 1), new(1, 76.5, null, null, 2, 0, 0.5), new(0, null, null, null, 2, 0, 0.25),
                new(0, null, null, null, 2, 2, 0), new(0, null, null, null, 0, 0, 0),
            ]),
        ]);

        TableText.Render(table).ReplaceLineEndings("\n").ShouldBe("""
            Table 1
            Network  Data set       SB                LB         +LR   +GBN    +RA
            F1       Fashion-MNIST  86.24 ± 0.05 (2)  76.50 (1)  25 %  failed  –
            F1 on Fashion-MNIST: 10,000 of 60,000 training images, 6 epochs, SB 128, LB 2048, ghost batch 128; rate 0.02.
            Final validation accuracy in percent, mean ± standard deviation (number of seeds).

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_papers_numbers_stand_beneath_ours_where_it_has_the_row()
    {
        var table = new TableReply("Table 1", ["SB"],
        [
            new("F1", "MNIST", 128, null, null, 50, 60_000, 60_000, "rate 0.1", [new(3, 98.2, 0.1, 98.27, 3, 0, 1)]),
        ]);

        TableText.Render(table).ShouldContain("paper     98.27");
    }
}
