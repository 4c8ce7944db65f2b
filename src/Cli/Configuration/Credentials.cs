using System.Text.Json;

namespace Tracker.Cli.Configuration;

/// <summary>A server that somebody signed in to.</summary>
internal sealed record SavedServer(Uri Url, string Token, string User);

/// <summary>The servers that somebody signed in to, by name, and the one that is meant when none is named.</summary>
internal sealed record Credentials(string? Default, SortedDictionary<string, SavedServer> Servers)
{
    public static Credentials Empty => new(null, []);

    public SavedServer? Find(string name) => Servers.GetValueOrDefault(name);

    public SavedServer? Find(Uri url) => Servers.Values.FirstOrDefault(s => s.Url == url);
}

/// <summary>Keeps <see cref="Credentials"/> in a file that its owner alone may read.</summary>
internal sealed class CredentialFile(string path)
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Path => path;

    /// <summary>Whether others than the owner may read the tokens.</summary>
    public bool IsOpenToOthers => !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & ~OwnerFolder) != UnixFileMode.None;

    /// <summary>Where the environment says that settings of users are kept.</summary>
    public static CredentialFile Of(Func<string, string?> variable)
    {
        var folder = variable("XDG_CONFIG_HOME") is { Length: > 0 } set && System.IO.Path.IsPathRooted(set) ? set
            : variable("HOME") is { Length: > 0 } home && !OperatingSystem.IsWindows() ? System.IO.Path.Combine(home, ".config")
            : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData);
        return new(System.IO.Path.Combine(folder, "tracker", "credentials.json"));
    }

    /// <exception cref="CommandException">The file is there but cannot be read.</exception>
    public Credentials Load()
    {
        try
        {
            if (!File.Exists(path)) return Credentials.Empty;
            return JsonSerializer.Deserialize<Credentials>(File.ReadAllText(path), s_json) is { Servers: not null } read ? read : throw new JsonException("It holds no servers.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{path} cannot be read: {e.Message} Delete it and sign in again.", ExitCodes.Denied, e);
        }
    }

    /// <summary>Replaces the file as a whole, so that a reader never sees half of it, and no moment lets others read it.</summary>
    public void Save(Credentials credentials)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        var part = System.IO.Path.Combine(folder, $".{System.IO.Path.GetRandomFileName()}");
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerFolder);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerFile;
            using (var file = new FileStream(part, options)) JsonSerializer.Serialize(file, credentials, s_json);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw new CommandException($"The token cannot be kept in {path}: {e.Message}", ExitCodes.Failed, e);
        }
    }
}
