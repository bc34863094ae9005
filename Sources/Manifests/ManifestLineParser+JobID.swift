import FetchCore
import Files
import JSONBridge
import Records

extension ManifestLineParser {
    private static let names = JobID.fieldNames.map(\.description)

    /// Where a reply of the API has the id.
    private static let replyField = JobReply.field.description

    /// The job that a line names which is no record; columns in messages count the `offset` bytes before it.
    static func jobID(in document: JSONDocument, _ bytes: Span<UInt8>, from offset: Int) throws(JobFailure) -> JobID {
        switch document.root {
        case .string:
            return try jobID(spelled: document.root, at: JSONWhiteSpace.trimmed(0..<bytes.count, of: bytes), offset)
        case .object where names.contains { document.root[$0] != nil }:
            return try jobID(named: names, in: document, from: offset)
        case .object:
            guard let place = document.range(ofMember: replyField) else { throw missingJobID("The object") }
            if let repeated = document.repeatedMembers.first(where: { $0 == replyField }) {
                throw repeatedField(repeated)
            }
            let reply: JSONDocument
            do {
                reply = try JSONDocument(parsing: bytes.extracting(place).bytes, reading: .ofManifestLines)
            } catch {
                throw JobFailure(.invalidJSON, at: .manifest, "The field \(replyField) is not JSON: \(error).")
            }
            guard names.contains(where: { reply.root[$0] != nil }) else {
                throw missingJobID("The object, its \(replyField) included,")
            }
            return try jobID(named: names, in: reply, from: offset + place.lowerBound)
        case .array: throw notAnObject("an array")
        case .number: throw notAnObject("a number")
        case .bool(let value): throw notAnObject("\(value)")
        case .null: throw notAnObject("null")
        }
    }

    /// The job that the members with these names agree on; at least one of them is there.
    static func jobID(named names: [String], in document: JSONDocument, from offset: Int) throws(JobFailure) -> JobID {
        if let repeated = document.repeatedMembers.first(where: names.contains) { throw repeatedField(repeated) }
        var found: (name: String, id: JobID)?
        var nullName: String?
        for name in names {
            guard let place = document.range(ofMember: name), let value = document.root[name] else { continue }
            if value.isNull {
                nullName = name
                continue
            }
            let id = try jobID(spelled: value, at: place, offset)
            if let found, found.id != id {
                throw JobFailure(
                    .invalidJobID, at: .manifest,
                    "The fields \(found.name) and \(name) name different jobs, \(found.id) and \(id).")
            }
            found = (name, id)
        }
        if let found { return found.id }
        throw JobFailure(.missingJobID, at: .manifest, "The field \(nullName ?? names[0]) is null.")
    }

    private static func jobID(
        spelled value: JSONValue, at place: Range<Int>, _ offset: Int
    ) throws(JobFailure) -> JobID {
        if let text = value.string, let id = JobID(text) { return id }
        throw JobFailure(
            .invalidJobID, at: .manifest,
            "A job id is a UUID of 8-4-4-4-12 hexadecimal digits; at column \(offset + place.lowerBound + 1) "
                + "there is \(quoted(value)).")
    }

    static func repeatedField(_ name: String) -> JobFailure {
        JobFailure(
            .invalidJSON, at: .manifest,
            "The field \(name) stands more than once, and it is not clear which of them counts.")
    }

    private static func missingJobID(_ place: String) -> JobFailure {
        JobFailure(.missingJobID, at: .manifest, "\(place) has no field job_id, jobId or jobid.")
    }

    private static func notAnObject(_ kind: String) -> JobFailure {
        JobFailure(
            .missingJobID, at: .manifest,
            "The line is \(kind); a job is an object with a field job_id, or a string.")
    }
}
