using UUIDNext;

namespace Heed.Plumbing;

/// <summary>Row ids, UUID version 7 (RFC 9562, 6.2): those that one program makes sort in the order in which it made them, also within a millisecond, so that what was written together is read in its order. A name, never a secret: the next can be guessed.</summary>
public static class Ids
{
    public static Guid Next() => Uuid.NewDatabaseFriendly(Database.PostgreSql);
}
