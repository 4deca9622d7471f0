using Heed.Plumbing;

namespace Heed.Site.Files;

/// <summary>A file that somebody chose on a page.</summary>
public static class Upload
{
    public static async Task<(byte[]? Bytes, Refusal? No)> Read(IFormFile? file, Work work, CancellationToken stop)
    {
        if (file is null)
        {
            return (null, work.Refuse("file", "Choose a file"));
        }
        if (file.Length > FileBody.MostBytes)
        {
            return (null, work.Refuse("file", FileBody.TooLarge));
        }
        using var whole = new MemoryStream();
        await file.CopyToAsync(whole, stop);
        return (whole.ToArray(), null);
    }
}
