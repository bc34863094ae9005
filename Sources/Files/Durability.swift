/// How much must be on stable storage before a record says so; the raw values are those of the option.
public enum Durability: String, Sendable, CaseIterable {
    /// Image, name and record are synced, in that order.
    case full
    /// Nothing is synced: a crash of the machine may lose what was reported.
    case none
}
