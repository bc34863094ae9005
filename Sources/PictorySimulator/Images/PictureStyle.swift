/// The kinds of picture that can be painted.
enum PictureStyle: String, CaseIterable, Sendable {
    case ridges, sea, skyline, mosaic, marble, nebula, papercut, flow, aurora

    /// Paints a picture of this kind; the same size and seed give the same pixels.
    func paint(_ size: ImageSize, seed: UInt64) -> Raster {
        var dice = SplitMix64(seed: seed)
        return switch self {
        case .ridges: Ridges.paint(size, &dice)
        case .sea: Sea.paint(size, &dice)
        case .skyline: Skyline.paint(size, &dice)
        case .mosaic: Mosaic.paint(size, &dice)
        case .marble: Marble.paint(size, &dice)
        case .nebula: Nebula.paint(size, &dice)
        case .papercut: Papercut.paint(size, &dice)
        case .flow: Flow.paint(size, &dice)
        case .aurora: Aurora.paint(size, &dice)
        }
    }
}
