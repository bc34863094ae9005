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
    /// The part of the lines that is returned; nil for all of them.
    private var share: ManifestShare?
    /// What the jobs' images are called; nil for the jobs' own names.
    private let names: LineNames?

    init(_ path: ManifestPath, shard: Shard?, names: LineNames?) throws(SystemError) {
        self.path = path
        self.names = names
        share = shard.map(ManifestShare.init)
        descriptor = try path.open()
    }

    /// The number of the last line that was returned, or counted as blank.
    var lastLine: Int { buffer.number }

    /// Bytes whose lines were returned, or passed over.
    var passedBytes: Int { buffer.passed }

    /// The lines at hand that belong to the run, at most `limit`.
    mutating func items(upTo limit: Int, now: Timestamp) -> [ManifestItem] {
        var items: [ManifestItem] = []
        var plainLines = PlainLineReader()
        var names = names
        while items.count < limit, let line = nextLine() {
            switch line {
            case .whole(let range):
                let bytes = buffer.bytes.span.extracting(range)
                let number = buffer.number
                if compression == nil, let plain = plainLines.line(bytes) {
                    guard share?.holds(plain.id) ?? true else { continue }
                    let item = plain.item(of: bytes, manifest: path.text, line: number, now: now)
                    items.append(names?.named(item) ?? item)
                } else {
                    let item =
                        compressed(now)
                        ?? ManifestLineParser.item(
                            of: bytes, manifest: path.text, line: number, now: now)
                    guard share?.holds(item, on: bytes) ?? true else { continue }
                    items.append(names?.named(item) ?? item)
                }
            case .tooLong(let count):
                guard share?.holdsLongLine ?? true else { continue }
                items.append(
                    compressed(now)
                        ?? invalid(.lineTooLong, "The line has \(count) bytes; at most \(buffer.limit) are read.", now))
            }
        }
        return items
    }

    /// The next line of the whole manifest.
    private mutating func nextLine() -> LineBuffer.Line? {
        guard share != nil else { return buffer.nextLine(inputEnded: ended) }
        return buffer.nextLine(inputEnded: ended) { piece, isFirst in
            share?.noteLongLine(piece, isFirst: isFirst)
        }
    }

    /// What the last line is if the manifest is a compressed file; nil if it is none.
    private func compressed(_ now: Timestamp) -> ManifestItem? {
        compression.map { invalid(.invalidJSON, reason($0), now, cause: .compressedManifest) }
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
    mutating func readOn(until stopFlag: StopFlag) throws(SystemError) -> Bool {
        guard !ended else { return false }
        guard try stopFlag.waitForInput(on: descriptor) else { return true }
        let count = try buffer.fill { (space) throws(SystemError) in try descriptor.read(into: space) }
        // The first bytes may come one at a time.
        if compression == nil { compression = CompressionFormat(beginning: buffer.beginning) }
        // The last line may have no newline, so the end of the input is not yet the end of its lines.
        ended = count == 0
        return true
    }
}
