public import JSONBridge

/// A manifest line that is a reply of the API, or what the API posts to a webhook: what its `data.status` shows of the job.
public enum JobReply {
    /// The field in which a reply describes its job.
    public static let field: StaticString = "data"
    /// The field in there that says how the job stands.
    public static let statusField: StaticString = "status"

    /// Whether the API has known the job as in progress or finished when it wrote the reply.
    public static func showsKnownJob(_ root: JSONValue?) -> Bool {
        guard let status = root?[field.description]?[statusField.description]?.string else { return false }
        return isKnownState(status.utf8Span.span)
    }

    /// Whether a status is one of a job that the API knows. Case, hyphens, underscores and white space do not count.
    public static func isKnownState(_ status: Span<UInt8>) -> Bool {
        guard status.count <= longestSpelling else { return false }
        var letters: [UInt8] = []
        for index in status.indices {
            switch status[index] {
            case UInt8(ascii: "-"), UInt8(ascii: "_"), 0x20, 0x09, 0x0A, 0x0D: continue
            case let byte where UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte: letters.append(byte | 0x20)
            case let byte: letters.append(byte)
            }
        }
        return states.contains { letters.elementsEqual($0.utf8) }
    }

    private static let states = ["inprogress", "completed", "failed", "cleaned"]

    /// More bytes than any spelling of a state has.
    private static let longestSpelling = 64
}
