import FetchCore
import Files
import JSONBridge
import Records

/// Reads the plain lines, of which nearly all manifests consist, without a tree.
///
/// A plain line is a bare job id, or an object that names its job in one field and is no record of an earlier run.
/// ``ManifestLineParser`` reads it in the same way, but takes several times as long. All other lines are left to that,
/// the wrong ones too.
struct PlainLineReader: Sendable {
    private var outline = JSONOutline(reading: .ofManifestLines)

    /// The job on a line, given without its end; nil if the line is not plain.
    mutating func line(_ bytes: Span<UInt8>) -> PlainLine? {
        do {
            try outline.read(bytes)
        } catch {
            return nil
        }
        let whole = JSONWhiteSpace.trimmed(0..<bytes.count, of: bytes)
        let isBareString = bytes[whole.lowerBound] == UInt8(ascii: "\"")
        guard let place = isBareString ? whole : fieldWithID(in: bytes), let id = jobID(at: place, in: bytes) else {
            return nil
        }
        if isBareString { return PlainLine(id: id, input: nil, isKnownToAPI: false) }
        guard let isKnownToAPI = showsKnownJob(bytes) else { return nil }
        return PlainLine(id: id, input: whole, isKnownToAPI: isKnownToAPI)
    }

    /// What ``JobReply`` says of the line; nil if the line has escapes that only the parser reads.
    private func showsKnownJob(_ bytes: Span<UInt8>) -> Bool? {
        guard let data = outline.range(ofMember: JobReply.field, in: bytes) else { return false }
        guard !outline.hasEscapedNames(within: data) else { return nil }
        guard let place = outline.range(ofMember: JobReply.statusField, within: data, in: bytes),
            bytes[place.lowerBound] == UInt8(ascii: "\"")
        else { return false }
        let status = bytes.extracting(place.dropFirst().dropLast())
        for index in status.indices where status[index] == UInt8(ascii: "\\") { return nil }
        return JobReply.isKnownState(status)
    }

    /// Where the value of the field is that names the job; nil if there is not exactly one such field.
    private func fieldWithID(in bytes: Span<UInt8>) -> Range<Int>? {
        guard !outline.hasEscapedNames, outline.count(ofMember: "v", in: bytes) == 0 else { return nil }
        var place: Range<Int>?
        for name in JobID.fieldNames {
            switch outline.count(ofMember: name, in: bytes) {
            case 0: continue
            case 1 where place == nil: place = outline.range(ofMember: name, in: bytes)
            default: return nil
            }
        }
        return place
    }

    /// The id between a string's quotes. An id that is spelled with escapes is left to the parser.
    private func jobID(at place: Range<Int>, in bytes: Span<UInt8>) -> JobID? {
        guard bytes[place.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return JobID(utf8: bytes.extracting(place.dropFirst().dropLast()))
    }
}

/// What a plain line says.
struct PlainLine {
    let id: JobID
    /// Where its JSON is, without the white space around it; nil for a bare job id.
    let input: Range<Int>?
    /// It is a reply which shows that the API knows the job.
    let isKnownToAPI: Bool

    /// The line as an item of its manifest.
    func item(of bytes: Span<UInt8>, manifest: String, line: Int, now: Timestamp) -> ManifestItem {
        .job(
            id,
            ManifestEntry(
                manifest: manifest, line: line, input: input.map { ManifestLineParser.text(of: $0, in: bytes) },
                firstSeen: now, isKnownToAPI: isKnownToAPI))
    }
}
