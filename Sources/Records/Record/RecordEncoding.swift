public import FetchCore
import JSONBridge

/// The spelling of a result record: one JSON object on one line, with the fields of ``RecordFields``.
public enum RecordEncoding {
    /// The line of a record, its newline included; `finishedAt` is the moment of writing.
    public static func line(
        for record: JobRecord, finishedAt: Timestamp, shard: Shard? = nil, words: @escaping AdviceWords
    ) -> [UInt8] {
        let record = FinishedRecord(record, finishedAt: finishedAt, shard: shard, words: words)
        let members = RecordLayout.parts.compactMap { part -> JSONSchema.Member? in
            switch part {
            case .field(let name, let field):
                return field.json(record).map { (name, $0) }
            case .object(let object, let fields):
                let members = fields.compactMap { name, field in field.json(record).map { (name, $0) } }
                return members.isEmpty ? nil : (object.rawValue, .object(members))
            }
        }
        return JSONOutput.object(members).encoded() + [UInt8(ascii: "\n")]
    }
}

/// The table of fields as records show it: an object's fields within the object.
enum RecordLayout {
    typealias NamedField = (name: String, field: any AnyRecordField)

    enum Part {
        case field(name: String, any AnyRecordField)
        case object(RecordObject, [NamedField])
    }

    static let parts: [Part] = RecordFields.all.reduce(into: []) { parts, field in
        let name = "\(field.name)"
        guard let object = field.object else {
            parts.append(.field(name: name, field))
            return
        }
        if case .object(object, let fields) = parts.last {
            parts[parts.count - 1] = .object(object, fields + [(name, field)])
        } else {
            parts.append(.object(object, [(name, field)]))
        }
    }
}
