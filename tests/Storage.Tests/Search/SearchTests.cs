using Tracker.Domain;

namespace Tracker.Storage.Tests;

public class SearchTests(StorageFixture storage) : IClassFixture<StorageFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IRunSearch Search => storage.Get<IRunSearch>();

    [Fact]
    public async Task Every_field_can_be_filtered_and_sorted_by_in_both_directions()
    {
        await storage.SubmitAsync(SweepsToTest.Next(seeds: 3));
        foreach (var field in FilterFields.All)
        {
            var (have, lack) = (await Search.CountAsync($"{field.Name} IS NOT NULL", Token), await Search.CountAsync($"{field.Name} IS NULL", Token));
            (have + lack).ShouldBe(await Search.CountAsync("", Token), field.Name);
            foreach (var descending in new[] { false, true })
                (await Search.IdsAsync("", new(field.Name, descending), 1000, Token)).Count.ShouldBe(have + lack, field.Name);
            await Search.ValuesAsync(field.Name, "", 10, Token);
        }
    }
}
