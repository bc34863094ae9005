import FetchCore

/// A manifest while it is read.
struct OpenManifest: Sendable {
    let path: ManifestPath
    private let descriptor: Descriptor
    private var buffer = LineBuffer()
    private var ended = false

    init(_ path: ManifestPath) throws(SystemError) {
        self.path = path
        descriptor = try path.open()
    }

    /// The number of the last line that was returned, or counted as blank.
    var lastLine: Int { buffer.number }

    /// Bytes whose lines were returned, or passed over.
    var passedBytes: Int { buffer.passed }

    /// The lines at hand, at most `limit`.
    mutating func items(upTo limit: Int, now: Timestamp) -> [ManifestItem] {
        var items: [ManifestItem] = []
        var plainLines = PlainLineReader()
        while items.count < limit, let line = buffer.nextLine(inputEnded: ended) {
            switch line {
            case .whole(let range):
                let bytes = buffer.bytes.span.extracting(range)
                let number = buffer.number
                items.append(
                    plainLines.item(of: bytes, manifest: path.text, line: number, now: now)
                        ?? ManifestLineParser.item(of: bytes, manifest: path.text, line: number, now: now))
            case .tooLong(let count):
                let failure = JobFailure(
                    .lineTooLong, at: .manifest,
                    "The line has \(count) bytes; at most \(buffer.limit) are read.")
                let entry = ManifestEntry(manifest: path.text, line: buffer.number, input: nil, firstSeen: now)
                items.append(.invalid(entry, failure))
            }
        }
        return items
    }

    /// Waits for the next bytes; false when there are none and never will be.
    mutating func readOn(until stopSignal: StopSignal) throws(SystemError) -> Bool {
        guard !ended else { return false }
        guard try stopSignal.waitForInput(on: descriptor) else { return true }
        let count = try buffer.fill { (space) throws(SystemError) in try descriptor.read(into: space) }
        // The last line may have no newline, so the end of the input is not yet the end of its lines.
        ended = count == 0
        return true
    }
}
