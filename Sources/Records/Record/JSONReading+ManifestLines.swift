public import JSONBridge

extension JSONReading {
    /// How manifest lines and records are read.
    ///
    /// A line's own fields are its user's business, and come back as they stand, in records that are lines again.
    public static let ofManifestLines = JSONReading.grammatical
}
