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
        let toDo = ToDoText(night, request)
        var object: PageObject = [
            "title": .text(title), "headline": .text(headline.sentence), "tone": .text(headline.tone.rawValue),
            "csp": .text(ContentPolicy.text(style: PageFiles.style, script: PageFiles.script)),
            "style": .markup(PageFiles.style), "script": .markup(PageFiles.script),
            "statuses": .objects(statuses), "totals": .objects(totals), "notices": .texts(notices),
            "groups": .objects(toDo.groups), "further": .texts(toDo.further), "plots": .objects(plots.map(\.object)),
            "settings": .markup(
                request.place.settings(
                    records: night.shown, leftOut: night.leftOut, namesImagesFromRoot: night.namesImagesFromRoot,
                    groups: toDo.keys)),
        ]
        if let span = night.span {
            object["span"] = .text("\(MomentText.span(span)), \(Quantity.time(length(of: span)))")
        }
        if night.figures.groups.isEmpty { object["nothingToDo"] = .flag(true) }
        return object
    }

    private var title: String {
        if let title = request.title, !title.isEmpty { return title }
        guard let span = night.span else {
            return night.totals.records == 0 ? "Night without jobs" : "Jobs without a record"
        }
        return "Night of \(MomentText.day(span.lowerBound))"
    }

    private func length(of span: ClosedRange<Timestamp>) -> Duration {
        .milliseconds(span.upperBound.milliseconds - span.lowerBound.milliseconds)
    }

    private var statuses: [PageObject] {
        let all = RecordStatus.allCases.filter { night.totals.count(of: $0) > 0 }
        let counts = all.map(night.totals.count(of:))
        return zip(all, zip(counts, Self.shares(of: counts))).map { status, figures in
            let percent = 100 * Double(figures.0) / Double(max(1, night.totals.records))
            return [
                "name": .text(status.rawValue), "count": .text(Quantity.count(figures.0)),
                "percent": .text(SVGDrawing.number(percent)), "share": .text(figures.1),
            ]
        }
    }

    /// Whole percents of counts above 0, each rounded by itself: equal counts are told alike, and the sum need not be 100. A
    /// share that is not all never says 100 %, and one that is not none never says 0 %.
    static func shares(of counts: [Int]) -> [String] {
        let sum = max(1, counts.reduce(0, +))
        return counts.map { count in
            let percent = 100 * Double(count) / Double(sum)
            return switch percent {
            case ..<1: "<1 %"
            case 100: "100 %"
            case let most where most > 99: ">99 %"
            default: "\(Int(percent.rounded())) %"
            }
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
            let further = request.notices.count - notices.count
            notices.append("\(Quantity.counted(further, "further notice")) \(further == 1 ? "is" : "are") left out.")
        }
        if night.leftOut > 0 {
            notices.append(
                "This page holds \(Quantity.count(night.shown)) of \(Quantity.count(night.shown + night.leftOut)) records: "
                    + "those without an image first, then the newest. Totals, failures and plots are of all.")
        }
        let later = others.count - before.count
        if later > 0 {
            notices.append(
                later == 1
                    ? "One summary is left out: its run did not begin before this night."
                    : "\(Quantity.count(later)) summaries are left out: their runs did not begin before this night.")
        }
        if before.count > HistoryPlots.mostNights - 1 {
            notices.append("Of the nights before, the last \(HistoryPlots.mostNights - 1) are shown.")
        }
        return notices
    }

    /// Each file may have one.
    private static let mostNotices = 20

    private var plots: [Plot] {
        guard !before.isEmpty else { return night.figures.plots }
        return night.figures.plots
            + HistoryPlots(before.suffix(HistoryPlots.mostNights - 1), tonight: night.asPast).plots
    }

    /// The nights before, in order.
    private var before: [PastSummary] {
        others.filter { past in night.span.map { past.startedAt < $0.lowerBound } ?? true }
    }

    /// The other nights, in order, each once. The summary of this night's own run is none of them.
    private var others: [PastSummary] {
        let others = request.history.filter { past in night.span.map { !past.covers($0) } ?? true }
            .sorted { ($0.startedAt, $0.finishedAt) < ($1.startedAt, $1.finishedAt) }
        return others.reduce(into: []) { nights, night in
            if nights.last != night { nights.append(night) }
        }
    }
}
