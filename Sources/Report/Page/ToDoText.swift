import FetchCore
import Records

/// What there is to do, by the names that the page's template has for it.
struct ToDoText {
    private let night: Night
    private let request: PageRequest

    private let listed: [FailureGroups.Group]

    init(_ night: Night, _ request: PageRequest) {
        self.night = night
        self.request = request
        listed = night.figures.groups.listed
    }

    /// What the page's script compares with records, in the order of the groups.
    var keys: [FailureGroups.Key] { listed.map(\.key) }

    /// What the groups do not list, a sentence for each action.
    var further: [String] {
        night.figures.groups.unlisted.map { action, count in
            let action = action.map { "the action \($0.rawValue)" } ?? "an action of another program"
            let jobs = Quantity.counted(count, "further failure")
            return "\(jobs) of other kinds, with \(action), \(count == 1 ? "is" : "are") not listed here."
        }
    }

    /// Jobs that need the same, in order. The command of a run that does all of them stands before the first that it is for.
    var groups: [PageObject] {
        var ids = UniqueIDs()
        var isToldOfAll = false
        return listed.enumerated().map { number, group in
            let id = ids.id("\(group.key.status.rawValue)-\(group.key.code.text)-\(group.key.action.text)")
            var object = object(of: group, id: id)
            object["number"] = .text("\(number)")
            guard group.action == .rerun else { return object }
            let rerun = request.rerun(night.figures.facts, "\(id).jsonl")
            let command: PageObject = ["command": .text(rerun.command), "hint": .text(rerun.hint)]
            if !rerun.doesAll {
                object["rerun"] = .object(command)
            } else if !isToldOfAll {
                isToldOfAll = true
                object["rerun_of_all"] = .object(command.merging(["sentence": .text(sentenceOfAll)]) { $1 })
            }
            return object
        }
    }

    private var sentenceOfAll: String {
        let jobs = Quantity.counted(night.totals.count(of: .rerun), "job")
        let groups = night.figures.groups.rerunCount
        return groups > 1
            ? "One run tries \(jobs) again, those of all groups that say rerun:" : "One run tries \(jobs) again:"
    }

    private func object(of group: FailureGroups.Group, id: String) -> PageObject {
        let key = group.key
        var object: PageObject = [
            "id": .text(id), "status": .text(key.status.rawValue), "code": .text(key.code.text),
            "action": .text(key.action.text), "count": .text("\(group.count)"),
            "jobs": .text(Quantity.counted(group.count, key.status == .invalid ? "line" : "job")),
            "reason": .text(key.reason.text), "message": .text(group.message),
            "first": .objects(
                group.first.map { ["job_id": .text($0.jobID?.description ?? ""), "where": .text($0.place)] }),
        ]
        if group.count > group.first.count {
            object["more"] = .text("and \(Quantity.count(group.count - group.first.count)) more")
        }
        return object
    }
}

/// Names for parts of a page: letters, digits and hyphens, and none twice.
struct UniqueIDs {
    private var used: Set<String> = []

    /// A record may hold a code of any length and kind.
    private static let longest = 60

    mutating func id(_ text: String) -> String {
        let kept = text.utf8.prefix(Self.longest).map { byte -> Character in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                Character(Unicode.Scalar(byte))
            default: "-"
            }
        }
        let name = String(kept)
        var id = name
        var number = 2
        while !used.insert(id).inserted {
            id = "\(name)-\(number)"
            number += 1
        }
        return id
    }
}
