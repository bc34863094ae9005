import FetchCore
import JSONBridge

/// Reads the lines of a results file back, as far as a later run needs them.
///
/// Whatever ``RecordEncoding`` writes is read, in any order of the fields and with any white space, so that a file that
/// went through another JSON tool is still a journal. The whole line is checked, but no tree is made of it.
struct RecordReader: Sendable {
    private var outline = JSONOutline(depth: depthLimit)
    /// The outline of the field that is looked into.
    private var inner = JSONOutline(depth: depthLimit)
    /// The manifest that was named last, as the record spells it and as it is called: most records name the same.
    private var manifest: (spelled: [UInt8], text: String) = ([], "")
    /// When the last job was first seen; records of one read of the manifest have that in common.
    private var firstSeen: (spelled: [UInt8], moment: Timestamp)?

    /// A record is one level around the manifest line that it holds.
    private static let depthLimit = JSONLimits.standard.depth + 1

    enum Line: Equatable {
        case record(PastRecord)
        /// It is JSON, but none that this program writes.
        case otherJSON
        case notJSON
    }

    mutating func line(_ text: Span<UInt8>) -> Line {
        do {
            try outline.read(text)
        } catch {
            return .notJSON
        }
        return record(in: text).map(Line.record) ?? .otherJSON
    }

    /// What the record that was read last says of its image; nil when there is none, or not all of it.
    mutating func image(in text: Span<UInt8>) -> RecordedBytes? {
        guard let place = open("image", in: text) else { return nil }
        let image = text.extracting(place)
        guard let pathPlace = inner.range(ofMember: "path", in: image),
            let path = path(spelled: image.extracting(pathPlace)),
            let bytes = integer("bytes", inner, in: image), (0...RecordedBytes.most).contains(bytes),
            let width = integer("width", inner, in: image).flatMap({ UInt32(exactly: $0) }),
            let height = integer("height", inner, in: image).flatMap({ UInt32(exactly: $0) }),
            let sha256 = word("sha256", inner, in: image).flatMap(SHA256Sum.init(hex:))
        else { return nil }
        return RecordedBytes(path: path, bytes: bytes, width: width, height: height, sha256: sha256)
    }

    /// A path that can be a file's: no directory's, and no string that the system would take for a shorter one.
    private func path(spelled: Span<UInt8>) -> String? {
        // The line has been checked: only a value that is no string is refused here.
        guard let path = (try? JSONDocument(parsing: spelled.withUnsafeBufferPointer { Array($0) }))?.root.string,
            !path.isEmpty, !path.utf8.contains(0), path.utf8.last != UInt8(ascii: "/")
        else { return nil }
        return path
    }

    private mutating func record(in text: Span<UInt8>) -> PastRecord? {
        guard integer("v", outline, in: text) == RecordEncoding.version, let runs = integer("runs", outline, in: text),
            let line = integer("line", outline, in: text), runs > 0, line > 0,
            let end = end(in: text), let manifest = manifest(in: text), let firstSeen = firstSeen(in: text)
        else { return nil }
        return PastRecord(end, manifest: manifest, line: line, firstSeen: firstSeen, runs: runs)
    }

    private mutating func end(in text: Span<UInt8>) -> PastRecord.End? {
        guard let status = word("status", outline, in: text).flatMap(RecordStatus.init(rawValue:)),
            let idPlace = outline.range(ofMember: "job_id", in: text)
        else { return nil }
        let id = content(ofStringAt: idPlace, in: text).flatMap { place in
            JobID(utf8: text.extracting(place))
        }
        switch (status, id) {
        case (.downloaded, let id?):
            return integer("bytes", within: "image", in: text).map { .job(id, .downloaded(bytes: $0)) }
        case (.pending, let id?), (.failed, let id?):
            return word("action", within: "retry", in: text).flatMap(RetryAdvice.Action.init(rawValue:))
                .map { .job(id, PastJobEnd(advice: $0)) }
        case (.duplicate, let id?):
            return .line(.duplicate(id))
        case (.invalid, nil):
            return word("code", within: "error", in: text).flatMap(FailureCode.init(rawValue:))
                .map { .line(.invalid($0)) }
        case (.invalid, _), (_, nil):
            return nil
        }
    }

    private mutating func manifest(in text: Span<UInt8>) -> String? {
        guard let place = outline.range(ofMember: "manifest", in: text) else { return nil }
        let spelled = text.extracting(place)
        if !spelled.equals(manifest.spelled) {
            let bytes = spelled.withUnsafeBufferPointer { Array($0) }
            // A path may need escapes, so it is read as JSON. The line has been checked: only a value that is no string
            // is refused here.
            guard let name = (try? JSONDocument(parsing: bytes))?.root.string else { return nil }
            manifest = (bytes, name)
        }
        return manifest.text
    }

    private mutating func firstSeen(in text: Span<UInt8>) -> Timestamp? {
        guard let place = outline.range(ofMember: "first_seen", in: text) else { return nil }
        let spelled = text.extracting(place)
        if let firstSeen, spelled.equals(firstSeen.spelled) { return firstSeen.moment }
        guard let word = word(at: place, in: text), let moment = Timestamp(rfc3339: word) else { return nil }
        firstSeen = (spelled.withUnsafeBufferPointer { Array($0) }, moment)
        return moment
    }

    private mutating func integer(_ name: StaticString, within field: StaticString, in text: Span<UInt8>) -> Int? {
        guard let place = open(field, in: text) else { return nil }
        return integer(name, inner, in: text.extracting(place))
    }

    private mutating func word(_ name: StaticString, within field: StaticString, in text: Span<UInt8>) -> String? {
        guard let place = open(field, in: text) else { return nil }
        return word(name, inner, in: text.extracting(place))
    }

    /// Outlines a field that is an object itself.
    private mutating func open(_ field: StaticString, in text: Span<UInt8>) -> Range<Int>? {
        guard let place = outline.range(ofMember: field, in: text) else { return nil }
        do {
            try inner.read(text.extracting(place))
        } catch {
            return nil
        }
        return place
    }

    private func integer(_ name: StaticString, _ outline: JSONOutline, in text: Span<UInt8>) -> Int? {
        guard let place = outline.range(ofMember: name, in: text) else { return nil }
        return Int(String(decoding: text.extracting(place)))
    }

    private func word(_ name: StaticString, _ outline: JSONOutline, in text: Span<UInt8>) -> String? {
        outline.range(ofMember: name, in: text).flatMap { word(at: $0, in: text) }
    }

    private func word(at place: Range<Int>, in text: Span<UInt8>) -> String? {
        content(ofStringAt: place, in: text).map { String(decoding: text.extracting($0)) }
    }

    /// What stands between a string's quotes; nil for any other value. The words looked for need no escapes.
    private func content(ofStringAt place: Range<Int>, in text: Span<UInt8>) -> Range<Int>? {
        text[place.lowerBound] == UInt8(ascii: "\"") ? place.dropFirst().dropLast() : nil
    }
}

extension String {
    fileprivate init(decoding bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}

extension Span<UInt8> {
    fileprivate func equals(_ other: [UInt8]) -> Bool {
        withUnsafeBufferPointer { $0.elementsEqual(other) }
    }
}
