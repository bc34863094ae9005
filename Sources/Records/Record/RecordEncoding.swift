public import FetchCore
import JSONBridge

/// The spelling of a result record: one JSON object on one line, with the fields of ``RecordFields``.
public enum RecordEncoding {
    /// The line of a record, its newline included; `finishedAt` is the moment of writing.
    public static func line(
        for record: JobRecord, finishedAt: Timestamp, shard: Shard? = nil, words: @escaping AdviceWords
    ) -> [UInt8] {
        let record = FinishedRecord(record, finishedAt: finishedAt, shard: shard, words: words)
        let members = writers[record.status]?.compactMap { $0(record) } ?? []
        return JSONOutput.object(members).line()
    }

    private typealias Writer = @Sendable (FinishedRecord) -> JSONSchema.Member?

    /// What writes the members that records with a status may have, in their order. Made once: a run writes many records.
    private static let writers = Dictionary(
        uniqueKeysWithValues: RecordStatus.allCases.map { status in
            (status, RecordLayout.parts.compactMap { writer(of: $0, for: status) })
        })

    private static func writer(of part: RecordLayout.Part, for status: RecordStatus) -> Writer? {
        switch part {
        case .field(let name, let field):
            guard field.presence.statuses.contains(status) else { return nil }
            return { [json = field.json] record in json(record).map { (name, $0) } }
        case .object(let object, let fields):
            let writers = fields.compactMap { writer(of: .field(name: $0.name, $0.field), for: status) }
            guard !writers.isEmpty else { return nil }
            return { [name = object.rawValue] record in
                let members = writers.compactMap { $0(record) }
                return members.isEmpty ? nil : (name, .object(members))
            }
        }
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
