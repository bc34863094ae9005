import FetchCore
import Files
import JSONBridge
import Records

/// Reads the lines that nearly every manifest is made of, without a tree being made of them.
///
/// A plain line is a bare job id, or an object that names its job in one field and is no record of an earlier run.
/// Whatever this reads, ``ManifestLineParser`` reads in the same way, only several times slower; all other lines, and
/// all that are wrong, are left to it.
struct PlainLineReader: Sendable {
    private var outline = JSONOutline(reading: .ofManifestLines)

    /// The job on a plain line, given without its end; nil if the line is any other.
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

    /// What ``JobReply`` tells of the line; nil if it is spelled so that only the parser can say.
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

    /// Where the only field stands that may name a job.
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

    /// The id between a string's quotes; an id has no characters that a string may spell in another way.
    private func jobID(at place: Range<Int>, in bytes: Span<UInt8>) -> JobID? {
        guard bytes[place.lowerBound] == UInt8(ascii: "\"") else { return nil }
        return JobID(utf8: bytes.extracting(place.dropFirst().dropLast()))
    }
}

/// What a plain line says.
struct PlainLine {
    let id: JobID
    /// Where its JSON stands, without white space around it; nil for a bare job id.
    let input: Range<Int>?
    /// It is a reply that shows that the API has known the job.
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
