namespace Heed.Plumbing;

public static class Arguments
{
    /// <summary>What follows a command's option: of "--data DIR" the folder. Null where it is not there.</summary>
    public static string? Option(this string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
