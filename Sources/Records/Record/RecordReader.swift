public import FetchCore
import JSONBridge

/// Reads the lines of a results file back, as far as a later run needs them.
///
/// Whatever ``RecordEncoding`` writes is read, in any order of the fields and with any white space, so that a file that
/// went through another JSON tool is still a journal. The whole line is checked, but no tree is made of it.
public struct RecordReader: Sendable {
    private var outline = JSONOutline(depth: depthLimit, reading: .ofManifestLines)
    // Most records have these in common with the one before.
    private var manifest = RecentValue<String>()
    private var firstSeen = RecentValue<Timestamp>()
    private var status = RecentValue<RecordStatus>()
    private var action = RecentValue<RetryAdvice.Action>()
    private var stage = RecentValue<JobFailure.Stage>()
    private var code = RecentValue<FailureCode>()

    /// A record is one level around the manifest line that it holds.
    private static let depthLimit = JSONLimits.standard.depth + 1

    public enum Line: Sendable, Equatable {
        case record(PastRecord)
        /// It is JSON, but none that this program writes.
        case otherJSON
        case notJSON
    }

    public init() {}

    public mutating func line(_ text: Span<UInt8>) -> Line {
        do {
            try outline.read(text)
        } catch {
            return .notJSON
        }
        return record(in: text).map(Line.record) ?? .otherJSON
    }

    /// What the record that was read last says of its image; nil when there is none, or not all of it.
    public func image(in text: Span<UInt8>) -> RecordedBytes? {
        guard let pathPlace = range(of: "path", within: "image", in: text),
            let path = path(spelled: text.extracting(pathPlace)),
            let bytes = integer("bytes", within: "image", in: text), (0...RecordedBytes.most).contains(bytes),
            let width = integer("width", within: "image", in: text).flatMap({ UInt32(exactly: $0) }),
            let height = integer("height", within: "image", in: text).flatMap({ UInt32(exactly: $0) }),
            let sha256Place = range(of: "sha256", within: "image", in: text),
            let sha256 = Self.string(text.extracting(sha256Place)).flatMap(SHA256Sum.init(hex:))
        else { return nil }
        return RecordedBytes(
            path: path, bytes: bytes, width: width, height: height, sha256: sha256,
            isIrregular: hasWarning(.irregularPNG, in: text))
    }

    /// Whether the record that was read last has the warning. Most have none, and then nothing is read for it.
    private func hasWarning(_ warning: Warning, in text: Span<UInt8>) -> Bool {
        guard let place = outline.range(ofMember: "warnings", in: text),
            // The line has been checked, so this is JSON, of whatever form.
            let warnings = (try? JSONDocument(parsing: text.extracting(place).bytes))?.root.array
        else { return false }
        return warnings.contains { $0.string == warning.rawValue }
    }

    /// A path that can be a file's: no directory's, and no string that the system would take for a shorter one.
    private func path(spelled: Span<UInt8>) -> String? {
        // The line has been checked: only a value that is no string is refused here.
        guard let path = (try? JSONDocument(parsing: spelled.bytes))?.root.string,
            !path.isEmpty, !path.utf8.contains(0), path.utf8.last != UInt8(ascii: "/")
        else { return nil }
        return path
    }

    private mutating func record(in text: Span<UInt8>) -> PastRecord? {
        guard integer("v", in: text) == RecordEncoding.version, let runs = integer("runs", in: text),
            let line = integer("line", in: text), runs > 0, line > 0,
            let statusPlace = outline.range(ofMember: "status", in: text),
            let status = status.value(of: text.extracting(statusPlace), by: Self.word),
            let end = end(status, in: text), let manifest = manifest(in: text), let firstSeen = firstSeen(in: text)
        else { return nil }
        return PastRecord(
            end, manifest: manifest, line: line, firstSeen: firstSeen, runs: runs,
            isKnownToAPI: showsKnownJob(status, in: text))
    }

    private mutating func end(_ status: RecordStatus, in text: Span<UInt8>) -> PastRecord.End? {
        guard let idPlace = outline.range(ofMember: "job_id", in: text)
        else { return nil }
        let id = Self.content(ofString: text.extracting(idPlace)).flatMap { place in
            JobID(utf8: text.extracting(idPlace).extracting(place))
        }
        switch (status, id) {
        case (.downloaded, let id?):
            return integer("bytes", within: "image", in: text).map { .job(id, .downloaded(bytes: $0)) }
        case (.pending, let id?), (.failed, let id?):
            guard let place = range(of: "action", within: "retry", in: text) else { return nil }
            return action.value(of: text.extracting(place), by: Self.word).map { .job(id, PastJobEnd(advice: $0)) }
        case (.duplicate, let id?):
            return .line(.duplicate(id))
        case (.invalid, nil):
            guard let place = range(of: "code", within: "error", in: text) else { return nil }
            return code.value(of: text.extracting(place), by: Self.word).map { .line(.invalid($0)) }
        case (.invalid, _), (_, nil):
            return nil
        }
    }

    private mutating func showsKnownJob(_ status: RecordStatus, in text: Span<UInt8>) -> Bool {
        // Nearly every record of most journals, and it has no error.
        guard status != .downloaded else { return status.showsKnownJob(stage: nil, code: nil) }
        let failedStep = range(of: "stage", within: "error", in: text).flatMap { place in
            stage.value(of: text.extracting(place), by: Self.word)
        }
        let failureCode = range(of: "code", within: "error", in: text).flatMap { place in
            code.value(of: text.extracting(place), by: Self.word)
        }
        return status.showsKnownJob(stage: failedStep, code: failureCode)
    }

    private mutating func manifest(in text: Span<UInt8>) -> String? {
        guard let place = outline.range(ofMember: "manifest", in: text) else { return nil }
        return manifest.value(of: text.extracting(place)) { spelled in
            // A path may need escapes, so it is read as JSON. The line has been checked: only a value that is no string
            // is refused here.
            (try? JSONDocument(parsing: spelled.bytes))?.root.string
        }
    }

    private mutating func firstSeen(in text: Span<UInt8>) -> Timestamp? {
        guard let place = outline.range(ofMember: "first_seen", in: text) else { return nil }
        return firstSeen.value(of: text.extracting(place)) { spelled in
            Self.string(spelled).flatMap(Timestamp.init(rfc3339:))
        }
    }

    /// Where the member of a field stands that is an object itself.
    private func range(of name: StaticString, within field: StaticString, in text: Span<UInt8>) -> Range<Int>? {
        outline.range(ofMember: field, in: text).flatMap { outline.range(ofMember: name, within: $0, in: text) }
    }

    private func integer(_ name: StaticString, in text: Span<UInt8>) -> Int? {
        outline.range(ofMember: name, in: text).flatMap { Int(json: text.extracting($0)) }
    }

    private func integer(_ name: StaticString, within field: StaticString, in text: Span<UInt8>) -> Int? {
        range(of: name, within: field, in: text).flatMap { Int(json: text.extracting($0)) }
    }

    /// The word that a value spells, if it is one of those that the type knows.
    private static func word<Word: RawRepresentable<String>>(_ value: Span<UInt8>) -> Word? {
        string(value).flatMap(Word.init(rawValue:))
    }

    /// The text of a string without escapes, which is all that the words looked for need; nil for any other value.
    private static func string(_ value: Span<UInt8>) -> String? {
        content(ofString: value).map { place in
            value.extracting(place).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// What stands between a string's quotes; nil for any other value.
    private static func content(ofString value: Span<UInt8>) -> Range<Int>? {
        value[0] == UInt8(ascii: "\"") ? (0..<value.count).dropFirst().dropLast() : nil
    }
}

/// What a value of a record means, remembered from one record to the next.
struct RecentValue<Meaning: Sendable>: Sendable {
    private var spelled: [UInt8] = []
    private var meaning: Meaning?

    /// What the value means, read anew only where it is spelled otherwise than the last one; nil if it means nothing.
    mutating func value(of value: Span<UInt8>, by read: (Span<UInt8>) -> Meaning?) -> Meaning? {
        if let meaning, value.equals(spelled) { return meaning }
        guard let meaning = read(value) else { return nil }
        spelled = value.withUnsafeBufferPointer { Array($0) }
        self.meaning = meaning
        return meaning
    }
}

extension Int {
    /// Reads a JSON value that is a whole number without a fraction or an exponent; nil for all others.
    init?(json text: Span<UInt8>) {
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        let digits = text.extracting(droppingFirst: isNegative ? 1 : 0)
        guard digits.count > 0 else { return nil }
        var value = 0
        for position in 0..<digits.count {
            let digit = digits[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isBeyond) =
                isNegative ? tens.subtractingReportingOverflow(Int(digit)) : tens.addingReportingOverflow(Int(digit))
            guard !isTooLarge, !isBeyond else { return nil }
            value = sum
        }
        self = value
    }
}

extension Span<UInt8> {
    fileprivate func equals(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for position in 0..<count where self[position] != other[position] { return false }
        return true
    }
}
