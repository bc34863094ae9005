import FetchCore
import Files

/// A manifest while it is read.
struct OpenManifest: Sendable {
    let path: ManifestPath
    private let descriptor: Descriptor
    private var buffer = LineBuffer()
    private var ended = false
    /// How the manifest is compressed, if it begins so: then none of its lines is one of JSON.
    private var compression: CompressionFormat?

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
            if let compression {
                items.append(invalid(.invalidJSON, reason(compression), now, cause: .compressedManifest))
                continue
            }
            switch line {
            case .whole(let range):
                let bytes = buffer.bytes.span.extracting(range)
                let number = buffer.number
                items.append(
                    plainLines.item(of: bytes, manifest: path.text, line: number, now: now)
                        ?? ManifestLineParser.item(of: bytes, manifest: path.text, line: number, now: now))
            case .tooLong(let count):
                items.append(
                    invalid(.lineTooLong, "The line has \(count) bytes; at most \(buffer.limit) are read.", now))
            }
        }
        return items
    }

    private func invalid(
        _ code: FailureCode, _ message: String, _ now: Timestamp, cause: JobFailure.Cause? = nil
    ) -> ManifestItem {
        .invalid(
            ManifestEntry(manifest: path.text, line: buffer.number, input: nil, firstSeen: now),
            JobFailure(code, at: .manifest, message, cause: cause))
    }

    /// Why the last line of a compressed manifest is none; the first says what helps.
    private func reason(_ format: CompressionFormat) -> String {
        guard buffer.number == 1 else { return "The manifest is \(format.noun), as line 1 says." }
        return "The manifest is \(format.noun): "
            + "use \(format.unpackingCommand) \(path.shellWord) | pictory-fetch instead."
    }

    /// Waits for the next bytes; false when there are none and never will be.
    mutating func readOn(until stopSignal: StopSignal) throws(SystemError) -> Bool {
        guard !ended else { return false }
        guard try stopSignal.waitForInput(on: descriptor) else { return true }
        let count = try buffer.fill { (space) throws(SystemError) in try descriptor.read(into: space) }
        // The first bytes may come one at a time.
        if compression == nil { compression = CompressionFormat(beginning: buffer.beginning) }
        // The last line may have no newline, so the end of the input is not yet the end of its lines.
        ended = count == 0
        return true
    }
}
