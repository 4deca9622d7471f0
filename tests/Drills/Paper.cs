using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Heed.Drills;

/// <summary>Lines that are on the disk before whoever wrote them goes on. Those who write at the same time wait for one flush together.</summary>
internal sealed class Paper : IAsyncDisposable
{
    private readonly Channel<(byte[] Line, TaskCompletionSource Written)> _lines = Channel.CreateUnbounded<(byte[], TaskCompletionSource)>(new() { SingleReader = true });
    private readonly Task _writing;

    public Paper(string file)
    {
        File = file;
        _writing = Task.Run(Write);
    }

    public string File { get; }

    public Task Write(object line)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _lines.Writer.TryWrite((Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, JsonSerializerOptions.Web) + "\n"), written)) ? written.Task : throw new InvalidOperationException("This paper is closed");
    }

    private async Task Write()
    {
        await using var file = new FileStream(File, FileMode.Create, FileAccess.Write, FileShare.Read);
        while (await _lines.Reader.WaitToReadAsync())
        {
            var waiting = new List<TaskCompletionSource>();
            while (_lines.Reader.TryRead(out var next))
            {
                file.Write(next.Line);
                waiting.Add(next.Written);
            }
            file.Flush(flushToDisk: true);
            waiting.ForEach(written => written.SetResult());
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writing;
    }
}
