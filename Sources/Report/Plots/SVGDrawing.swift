/// A drawing that is put together element by element, by classes alone: how it looks is for the page's style to say.
struct SVGDrawing {
    private(set) var bytes: [UInt8]
    /// Room for bars; around it is room for axes.
    let area: Area

    struct Area {
        let left = 64.0
        let right = 544.0
        let top: Double
        let bottom = 236.0
    }

    /// In units of the drawing.
    static let width = 560.0
    static let height = 286.0
    /// The height of a line of text above the bars; letters have up to 18 units.
    private static let lineHeight = 20.0

    private static let widestBar = 96.0

    /// `label` is what the drawing shows, for those who cannot see it. Above the bars is room for the label of the
    /// vertical axis and below it for so many lines of text.
    init(label: String, linesAbove lines: Int = 0) {
        area = Area(top: 14 + Self.lineHeight * Double(lines + 1))
        let box = "0 0 \(Int(Self.width)) \(Int(Self.height))"
        bytes = Array("<svg class=\"plot\" role=\"img\" viewBox=\"\(box)\" aria-label=\"".utf8)
        HTMLText.append(label, to: &bytes)
        bytes += "\">".utf8
    }

    var finished: [UInt8] { bytes + Array("</svg>".utf8) }

    /// A bar from one height to another; `title` is shown for whoever points at it. Few bars are narrower than their
    /// places.
    mutating func bar(
        _ className: String, from left: Double, to right: Double, top: Double, bottom: Double, title: String
    ) {
        let spare = max(0, right - left - Self.widestBar)
        let (width, height) = (Self.number(max(right - left - spare, 0.5)), Self.number(max(bottom - top, 0)))
        bytes +=
            "<rect class=\"bar \(className)\" x=\"\(Self.number(left + spare / 2))\" y=\"\(Self.number(top))\"".utf8
        bytes += " width=\"\(width)\" height=\"\(height)\"><title>".utf8
        HTMLText.append(title, to: &bytes)
        bytes += "</title></rect>".utf8
    }

    mutating func line(_ className: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
        bytes += "<line class=\"\(className)\" x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\"".utf8
        bytes += " x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\"/>".utf8
    }

    enum Anchor: String {
        case start, middle, end
    }

    enum Side {
        case left, right
    }

    /// A line through the area, and a text on one of the lines above the bars, on one of its sides.
    mutating func mark(_ className: String, _ text: String, at x: Double, line: Int, _ side: Side) {
        let top = 8 + Self.lineHeight * Double(line + 1)
        self.line(className, x, top, x, area.bottom)
        self.text(
            "\(className) label", text, x: side == .left ? x - 5 : x + 5, y: top + 14, side == .left ? .end : .start)
    }

    mutating func text(_ className: String, _ text: String, x: Double, y: Double, _ anchor: Anchor) {
        let (x, y) = (Self.number(x), Self.number(y))
        bytes += "<text class=\"\(className)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor.rawValue)\">".utf8
        HTMLText.append(text, to: &bytes)
        bytes += "</text>".utf8
    }

    /// At most two decimals, and no more than are needed.
    static func number(_ value: Double) -> String {
        let hundredths = Int((min(max(value, -1e9), 1e9) * 100).rounded())
        let (whole, rest) = (hundredths.magnitude / 100, hundredths.magnitude % 100)
        let sign = hundredths < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(whole)" }
        return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}

/// Where a value of an axis stands in a drawing.
struct AxisScale {
    let domain: ClosedRange<Double>
    let start: Double
    let end: Double

    func callAsFunction(_ value: Double) -> Double {
        let length = domain.upperBound - domain.lowerBound
        return start + (length > 0 ? (value - domain.lowerBound) / length : 0) * (end - start)
    }
}

extension SVGDrawing {
    func horizontal(_ domain: ClosedRange<Double>) -> AxisScale {
        AxisScale(domain: domain, start: area.left, end: area.right)
    }

    /// The axis of counts or sums: lines across the area with their values, and what they count. Returns its scale, which
    /// goes from 0 to the last mark.
    mutating func verticalAxis(ticks: [(value: Double, text: String)], label: String) -> AxisScale {
        let scale = AxisScale(domain: 0...(ticks.last?.value ?? 1), start: area.bottom, end: area.top)
        for tick in ticks {
            let y = scale(tick.value)
            line("grid", area.left, y, area.right, y)
            text("tick", tick.text, x: area.left - 8, y: y + 4, .end)
        }
        // Beside the marks it would need as much room as the longest of them leaves.
        text("label", label, x: 0, y: 16, .start)
        return scale
    }

    /// The axis below the area, with marks at places of the drawing.
    mutating func horizontalAxis(ticks: [(x: Double, text: String)], label: String) {
        line("axis", area.left, area.bottom, area.right, area.bottom)
        for tick in ticks {
            line("axis", tick.x, area.bottom, tick.x, area.bottom + 5)
            // A long text at the end of the axis stays within the drawing.
            let overhang = tick.x + Self.widestLetter * Double(tick.text.count) / 2 > Self.width
            text("tick", tick.text, x: overhang ? Self.width : tick.x, y: area.bottom + 19, overhang ? .end : .middle)
        }
        text("label", label, x: (area.left + area.right) / 2, y: Self.height - 6, .middle)
    }

    /// A digit where letters are largest.
    private static let widestLetter = 10.5
}
