import FetchCore
import Records

/// A plot, and the same numbers as a table.
struct Plot {
    /// Letters, digits and hyphens.
    let id: String
    let title: String
    /// Nil where there is nothing to draw; the caption then says why.
    let drawing: [UInt8]?
    let caption: String
    /// The statuses that have a colour in the drawing; empty where a colour says nothing.
    var legend: [RecordStatus] = []
    var columns: [String] = []
    var rows: [[String]] = []

    /// A plot of nothing.
    static func empty(_ id: String, _ title: String, _ caption: String) -> Plot {
        Plot(id: id, title: title, drawing: nil, caption: caption)
    }

    var object: PageObject {
        var object: PageObject = ["id": .text(id), "title": .text(title), "caption": .text(caption)]
        if let drawing { object["svg"] = .markup(drawing) }
        if !legend.isEmpty { object["legend"] = .object(["keys": .texts(legend.map(\.rawValue))]) }
        if !rows.isEmpty {
            object["columns"] = .texts(columns)
            object["rows"] = .objects(rows.map { ["cells": .texts($0)] })
        }
        return object
    }

    /// A count as the label of an axis that goes to the most: `500`, `20k`, `1.5M`. All labels of an axis have one form.
    static func shortCount(_ value: Double, onAxisTo most: Double) -> String {
        let (unit, name): (Double, String) =
            switch most {
            case 1e9...: (1e9, "G")
            case 1e6...: (1e6, "M")
            case 1e4...: (1e3, "k")
            default: (1, "")
            }
        return value == 0 ? "0" : "\(axisNumber(value / unit))\(name)"
    }

    /// A number of a nice step with the decimals that it needs, at most three: `0.05`, `2.5`, `1,000`.
    static func axisNumber(_ value: Double) -> String {
        guard value.magnitude < 1000 else { return Quantity.number(value) }
        let text = "\((value * 1000).rounded() / 1000)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// The marks of an axis of counts, the last of them not below the most.
    static func countTicks(to most: Double, whole: Bool = true) -> [(value: Double, text: String)] {
        let ticks = NiceNumbers.ticks(to: most, atMost: 5, whole: whole)
        return ticks.map { ($0, shortCount($0, onAxisTo: ticks.last ?? 0)) }
    }
}
