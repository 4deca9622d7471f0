using System.ComponentModel.DataAnnotations.Schema;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Heed.Site.People;

/// <summary>What one report or register said of one person.</summary>
public sealed class Mention
{
    public Guid Id { get; init; }
    public Guid SourceRecordId { get; init; }
    public Guid AgencyId { get; init; }
    public Guid? ReportId { get; init; }
    public Guid? ImportId { get; init; }
    public int Ordinal { get; init; }
    public string? Key { get; init; }
    public string[] Roles { get; init; } = [];
    public bool IsChild { get; init; }
    public string? Given { get; init; }
    public string? Family { get; init; }
    public string[] AlsoKnownAs { get; init; } = [];
    public string[] FormerNames { get; init; } = [];
    public LocalDate? Born { get; init; }
    public string? BornWritten { get; init; }
    public LocalDate? Expected { get; init; }
    public string? Sex { get; init; }
    public string? Language { get; init; }
    public string? Nhs { get; init; }
    public string? Upn { get; init; }
    public string? Pnc { get; init; }
    [Column(TypeName = "jsonb")] public string Identifiers { get; init; } = "[]";
    public string? Address { get; init; }
    public string? Locality { get; init; }
    public string? Postcode { get; init; }
    public string? Uprn { get; init; }
    public string? AddressSensitivity { get; init; }
    public string? SchoolUrn { get; init; }
    public string? SchoolName { get; init; }
    public string? SafeContact { get; init; }
    public string? ParentsTold { get; init; }
    public string? OwnWords { get; init; }
    public bool? Seen { get; init; }
    public bool? SeenAlone { get; init; }
    public Instant RecordedAt { get; init; }
}

public sealed class SourceRecord
{
    public Guid Id { get; init; }
    public Guid AgencyId { get; init; }
    public string? Number { get; init; }
    public Instant Since { get; init; }
    public required string Tier { get; init; }
    public string? TierReason { get; init; }

    /// <summary>
    /// The record that an agency's own number stands for. Made from the number, so that two reports or registers arriving at once name the same record without asking.
    /// </summary>
    public static Guid Of(Guid agency, string number)
    {
        Span<byte> bytes = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{agency}|{number}"), bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new(bytes[..16], bigEndian: true);
    }
}

/// <summary>A decision that a source record is of this person.</summary>
public sealed class Link
{
    public Guid Id { get; init; }
    public Guid SourceRecordId { get; init; }
    public Guid PersonId { get; init; }
    public Instant At { get; init; }
    public Guid Actor { get; init; }
    public required string Rules { get; init; }
    public required string Verdict { get; init; }
    public required string Reason { get; init; }
    public Guid? ComparedWith { get; init; }
    public Instant? UndoneAt { get; init; }
}
