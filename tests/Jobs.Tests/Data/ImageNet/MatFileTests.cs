using Tracker.Jobs.Data.ImageNet;
using Tracker.Jobs.Tests.Fakes;
using Tracker.Training;

namespace Tracker.Jobs.Tests.Data.ImageNet;

public sealed class MatFileTests
{
    /// <summary>Written by libmatio 1.5.23, then compressed by zlib: synsets with ILSVRC2012_ID, WNID, words, num_children and children.</summary>
    private const string ByLibmatio =
        "TUFUTEFCIDUuMCBNQVQtZmlsZSwgUGxhdGZvcm06IHg4Nl82NC1wYy1saW51eC1nbnUsIENyZWF0ZWQgYnk6IGxpYm1hdGlvIHYxLjUuMjMgb24gU3VuIE5vdiAyMiAxNTowNjowMCAyMDI2CgAgIC"
        + "AgICAgICAgICAgIAABSU0PAAAALAEAAHja42NgYLjAysDABqQ5gJiJAQJYoXwWIGaEYnYgLq7MK04tKQbKszAIQMUDgNjTJzgsyNnIwNAo3tMFyA/3A1NwUJ5flFKMxM8rzY1PzsjMSSlKzQPxkdkg"
        + "wAfEFgwId7GhuYsRCYMAJ1QcAj7Yg/Q7IOlnwaKfE0m/AJSfZ2BkaGhpbmGJ5A4PAuZIoJkD4mdnliik5VfoKISV5hSkFivkJiYX5ZdkFlPmL4h7DAjoZ0DTT3l4MjiQH56GJiYG5mYmJISnEJo5IH"
        + "5Jal5yho5CSGZecqJCCYikir8GKDw5KAhPIwMLYIAa4nAHNnOY0cwB8VPy06mWzwZOvwAF4QgEhuYmBiSEIxuaOSB+al5JZkklddKDBwH9zGj6JZDCEZZPweSBIgcABhtBHQ==";

    [Fact]
    public void A_compressed_structure_array_by_another_writer_is_read()
    {
        var synsets = MatFile.Read("meta.mat", Convert.FromBase64String(ByLibmatio)).ShouldHaveSingleItem();
        (synsets.Name, synsets.Count).ShouldBe(("synsets", 4));
        synsets.Elements.Select(e => e["ILSVRC2012_ID"].Numbers.Single()).ShouldBe([1, 2, 3, 4]);
        synsets.Elements.Select(e => e["WNID"].Text).ShouldBe(["n02119789", "n01440764", "n02084071", "n00001740"]);
        synsets.Elements.Select(e => e["words"].Text).ShouldBe(["kit fox, Vulpes macrotis", "tench, Tinca tinca", "dog", "entity"]);
        synsets.Elements.Select(e => e["num_children"].Numbers.Single()).ShouldBe([0, 0, 1, 3]);
        synsets.Elements[3]["children"].Numbers.ShouldBe([1, 2, 300]);
    }

    [Fact]
    public void Small_values_are_read_out_of_their_tags()
    {
        var synsets = MatFile.Read("meta.mat", TinyImageNet.Meta()).ShouldHaveSingleItem();
        synsets.Elements.Select(e => e["ILSVRC2012_ID"].Numbers.Single()).ShouldBe([1, 2, 3, 4]);
        synsets.Elements[0]["WNID"].Text.ShouldBe("n02119789");
    }

    [Fact]
    public void What_is_no_such_file_is_refused()
    {
        Fails([.. TinyImageNet.Meta().Take(100)]).ShouldBe(("a MATLAB header of 128 bytes", "100 bytes"));
        Fails([.. TinyImageNet.Meta().Take(126), .. "XX"u8.ToArray()]).ShouldBe(("a MATLAB 5.0 file ('IM' or 'MI' at byte 126)", "'XX'"));
        var newer = TinyImageNet.Meta();
        newer[125] = 2;
        Fails(newer).ShouldBe(("version 0x0100 of the MATLAB format", "0x0200"));
    }

    [Fact]
    public void A_truncated_file_is_damaged()
    {
        Fails(TinyImageNet.Meta()[..^60]).Expected.ShouldBe("an intact MATLAB file");
        Fails(Convert.FromBase64String(ByLibmatio)[..^40]).Expected.ShouldBe("an intact MATLAB file");
    }

    private static (string Expected, string Found) Fails(byte[] bytes)
    {
        var failure = Should.Throw<DataException>(() => MatFile.Read("meta.mat", bytes));
        return (failure.Expected, failure.Found);
    }
}
