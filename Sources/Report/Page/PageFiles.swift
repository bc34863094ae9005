/// What the page is made of beside its words and numbers: files that are embedded, and are put together here.
enum PageFiles {
    static let template = PackageResources.page_mustache

    /// One module: the files declare functions, and the last one starts.
    static let script = joined([
        PackageResources.page_js, PackageResources.records_js, PackageResources.filters_js,
        PackageResources.fragment_js, PackageResources.rows_js, PackageResources.sheet_js, PackageResources.cards_js,
        PackageResources.print_js, PackageResources.viewer_js, PackageResources.facts_js, PackageResources.actions_js,
        PackageResources.tips_js, PackageResources.start_js,
    ])

    /// Of equal rules the later one holds, so windows and paper come last.
    static let style = joined([
        PackageResources.base_css, PackageResources.controls_css, PackageResources.frame_css,
        PackageResources.summary_css, PackageResources.to_do_css, PackageResources.plots_css,
        PackageResources.images_css, PackageResources.sheet_css, PackageResources.viewer_css,
        PackageResources.screens_css, PackageResources.print_css,
    ])

    private static func joined(_ files: [[UInt8]]) -> [UInt8] {
        Array(files.joined(separator: [UInt8(ascii: "\n")]))
    }
}
