import FetchCore
import Records

/// The words and numbers of a page, by the names that its template has for them.
struct PageText {
    private let night: Night
    private let request: PageRequest

    init(_ night: Night, _ request: PageRequest) {
        self.night = night
        self.request = request
    }

    /// The page around the blocks of its records.
    var rendered: Template.RenderedAround {
        let page: Template.RenderedAround?
        do {
            page = try Template(PageFiles.template).rendered(with: object, around: Self.blocks)
        } catch {
            preconditionFailure("the template of the page is wrong: \(error)")
        }
        guard let page else { preconditionFailure("the template of the page has no place for \(Self.blocks)") }
        return page
    }

    static let blocks = "blocks"

    var object: PageObject {
        let headline = PageHeadline(night.totals)
        var object: PageObject = [
            "title": .text(title), "headline": .text(headline.sentence), "tone": .text(headline.tone.rawValue),
            "csp": .text(ContentPolicy.text(style: PageFiles.style, script: PageFiles.script)),
            "style": .markup(PageFiles.style), "script": .markup(PageFiles.script),
            "statuses": .objects(statuses), "totals": .objects(totals), "notices": .texts(notices),
            "groups": .objects(groups), "plots": .objects(plots.map(\.object)),
            "settings": .markup(
                request.place.settings(
                    records: night.shown, leftOut: night.leftOut, namesImagesFromRoot: night.namesImagesFromRoot)),
        ]
        if let span = night.span {
            object["span"] = .text("\(MomentText.span(span)), \(Quantity.time(length(of: span)))")
        }
        if night.figures.groups.groups.isEmpty { object["nothingToDo"] = .flag(true) }
        return object
    }

    private var title: String {
        if let title = request.title, !title.isEmpty { return title }
        guard let span = night.span else { return "Night without jobs" }
        return "Night of \(MomentText.day(span.lowerBound))"
    }

    private func length(of span: ClosedRange<Timestamp>) -> Duration {
        .milliseconds(span.upperBound.milliseconds - span.lowerBound.milliseconds)
    }

    private var statuses: [PageObject] {
        let all = max(1, night.totals.records)
        return RecordStatus.allCases.compactMap { status in
            let count = night.totals.count(of: status)
            guard count > 0 else { return nil }
            let percent = 100 * Double(count) / Double(all)
            return [
                "name": .text(status.rawValue), "count": .text(Quantity.count(count)),
                "percent": .text(SVGDrawing.number(percent)), "share": .text(Self.share(percent)),
            ]
        }
    }

    /// A share that is not all never says 100 %, and one that is not none never says 0 %.
    static func share(_ percent: Double) -> String {
        switch percent {
        case ..<1: "< 1 %"
        case 100...: "100 %"
        case 99...: "> 99 %"
        default: "\(Int(percent.rounded())) %"
        }
    }

    private var totals: [PageObject] {
        let totals = night.totals
        var items: [PageObject] = [["label": .text("Records"), "value": .text(Quantity.count(totals.records))]]
        func add(_ label: String, _ value: String, _ hint: String? = nil) {
            var item: PageObject = ["label": .text(label), "value": .text(value)]
            if let hint { item["hint"] = .text(hint) }
            items.append(item)
        }
        add("Images", Quantity.count(totals.count(of: .downloaded)), "\(Quantity.bytes(totals.bytes)) downloaded")
        if let span = night.span { add("Time", Quantity.time(length(of: span)), "first poll to last record") }
        if totals.creditsUsed > 0 { add("Credits used", Quantity.number(totals.creditsUsed)) }
        let mean = Quantity.number(Double(totals.polls) / Double(max(1, totals.polledJobs)))
        add(
            "Polls", Quantity.count(totals.polls),
            totals.mostPolls > 1 ? "\(mean) a job, at most \(Quantity.count(totals.mostPolls))" : nil)
        add("Downloads", Quantity.count(totals.downloads))
        return items
    }

    private var notices: [String] {
        var notices = Array(request.notices.prefix(Self.mostNotices))
        if request.notices.count > notices.count {
            notices.append(
                "\(Quantity.count(request.notices.count - notices.count)) further lines or files are passed over.")
        }
        if night.leftOut > 0 {
            notices.append(
                "This page holds \(Quantity.count(night.shown)) of \(Quantity.count(night.shown + night.leftOut)) records: "
                    + "those without an image first, then the newest. Totals, failures and plots are of all.")
        }
        let ungrouped = night.figures.groups.ungrouped
        if ungrouped > 0 {
            notices.append("\(Quantity.counted(ungrouped, "failure")) of further kinds are not listed under “To do”.")
        }
        if before.count > HistoryPlots.mostNights - 1 {
            notices.append("Of the nights before, the last \(HistoryPlots.mostNights - 1) are shown.")
        }
        return notices
    }

    /// A file of another kind may have a line of it between any two records.
    private static let mostNotices = 20

    private var groups: [PageObject] {
        var ids = UniqueIDs()
        return night.figures.groups.sorted.map { group in
            let key = group.key
            let id = ids.id("\(key.status.rawValue)-\(key.code)-\(key.action)")
            var object: PageObject = [
                "id": .text(id), "status": .text(key.status.rawValue), "code": .text(key.code),
                "action": .text(key.action), "count": .text("\(group.count)"),
                "jobs": .text(Quantity.counted(group.count, key.status == .invalid ? "line" : "job")),
                "reason": .text(key.reason), "message": .text(group.message),
                "first": .objects(
                    group.first.map { ["job_id": .text($0.jobID?.description ?? ""), "where": .text($0.place)] }),
            ]
            if group.count > group.first.count {
                object["more"] = .text("and \(Quantity.count(group.count - group.first.count)) more")
            }
            if key.action == RetryAdvice.Action.rerun.rawValue {
                let rerun = request.rerun(night.figures.facts, "\(id).jsonl")
                object["command"] = .text(rerun.command)
                object["hint"] = .text(rerun.hint)
            }
            return object
        }
    }

    private var plots: [Plot] {
        guard !before.isEmpty else { return night.figures.plots }
        return night.figures.plots
            + HistoryPlots(before.suffix(HistoryPlots.mostNights - 1), tonight: night.asPast).plots
    }

    /// The nights before, in order. The summary of this night's own run is none of them.
    private var before: [PastSummary] {
        request.history.filter { past in night.span.map { !past.covers($0) } ?? true }
            .sorted { $0.startedAt < $1.startedAt }
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
