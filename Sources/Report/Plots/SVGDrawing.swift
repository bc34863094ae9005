/// A drawing that is put together element by element, by classes alone: how it looks is for the page's style to say.
struct SVGDrawing {
    private(set) var bytes: [UInt8]

    /// Room for marks, and around it room for axes, in units of the drawing.
    static let width = 560.0
    static let height = 260.0
    static let area = (left: 64.0, right: 544.0, top: 16.0, bottom: 216.0)

    /// `label` is what the drawing shows, for those who cannot see it.
    init(label: String) {
        let box = "0 0 \(Int(Self.width)) \(Int(Self.height))"
        bytes = Array("<svg class=\"plot\" role=\"img\" viewBox=\"\(box)\" aria-label=\"".utf8)
        HTMLText.append(label, to: &bytes)
        bytes += "\">".utf8
    }

    var finished: [UInt8] { bytes + Array("</svg>".utf8) }

    /// A bar from one height to another; `title` is shown for whoever points at it.
    mutating func bar(
        _ className: String, from left: Double, to right: Double, top: Double, bottom: Double, title: String
    ) {
        let (width, height) = (Self.number(max(right - left, 0.5)), Self.number(max(bottom - top, 0)))
        bytes += "<rect class=\"bar \(className)\" x=\"\(Self.number(left))\" y=\"\(Self.number(top))\"".utf8
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

    mutating func text(
        _ className: String, _ text: String, x: Double, y: Double, _ anchor: Anchor, turned: Bool = false
    ) {
        let (x, y) = (Self.number(x), Self.number(y))
        let turn = turned ? " transform=\"rotate(-90 \(x) \(y))\"" : ""
        bytes += "<text class=\"\(className)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor.rawValue)\"\(turn)>".utf8
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

    static func horizontal(_ domain: ClosedRange<Double>) -> AxisScale {
        AxisScale(domain: domain, start: SVGDrawing.area.left, end: SVGDrawing.area.right)
    }

    static func vertical(_ domain: ClosedRange<Double>) -> AxisScale {
        AxisScale(domain: domain, start: SVGDrawing.area.bottom, end: SVGDrawing.area.top)
    }

    func callAsFunction(_ value: Double) -> Double {
        let length = domain.upperBound - domain.lowerBound
        return start + (length > 0 ? (value - domain.lowerBound) / length : 0) * (end - start)
    }
}

extension SVGDrawing {
    /// The axis of counts or sums: lines across the area with their values, and what they count.
    mutating func verticalAxis(_ scale: AxisScale, ticks: [(value: Double, text: String)], label: String) {
        for tick in ticks {
            let y = scale(tick.value)
            line("grid", Self.area.left, y, Self.area.right, y)
            text("tick", tick.text, x: Self.area.left - 8, y: y + 4, .end)
        }
        text("label", label, x: 14, y: (Self.area.top + Self.area.bottom) / 2, .middle, turned: true)
    }

    /// The axis below the area, with marks at places of the drawing.
    mutating func horizontalAxis(ticks: [(x: Double, text: String)], label: String) {
        line("axis", Self.area.left, Self.area.bottom, Self.area.right, Self.area.bottom)
        for tick in ticks {
            line("axis", tick.x, Self.area.bottom, tick.x, Self.area.bottom + 5)
            text("tick", tick.text, x: tick.x, y: Self.area.bottom + 19, .middle)
        }
        text("label", label, x: (Self.area.left + Self.area.right) / 2, y: Self.height - 6, .middle)
    }
}
