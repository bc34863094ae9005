import CJSONC

/// The tree that json-c makes of a text, copied into Swift.
///
/// Two threads must not touch the same tree of json-c, so no tree leaves the call that made it.
enum JSONTree {
    /// The value of a text that the scanner has accepted.
    ///
    /// json-c clamps an integer beyond 64 bits and drops the sign of minus zero, silently. Of a double it keeps the
    /// text. So each of those integers gets a full stop at its end, which makes it a double to json-c. No number that
    /// the scanner accepts ends in a full stop.
    static func value(of text: UnsafeRawBufferPointer, scannedBy scanner: JSONScanner) throws(JSONError) -> JSONValue {
        let depth = scanner.deepest
        guard !scanner.needsRepair else {
            let repaired = JSONRepair.repaired(
                text.bindMemory(to: UInt8.self).span, wideIntegerEnds: scanner.wideIntegerEnds, mark: wideIntegerMark)
            return try parse(repaired, depth: depth)
        }
        guard !scanner.wideIntegerEnds.isEmpty else { return try parse(text, depth: depth) }
        var marked: [UInt8] = []
        marked.reserveCapacity(text.count + scanner.wideIntegerEnds.count)
        var copied = 0
        for end in scanner.wideIntegerEnds {
            marked.append(contentsOf: text[copied..<end])
            marked.append(wideIntegerMark)
            copied = end
        }
        marked.append(contentsOf: text[copied...])
        return try parse(marked, depth: depth)
    }

    /// The value of a string that is given with its quotes and escapes, and repaired first if that is needed.
    static func string(spelled text: UnsafeRawBufferPointer, needingRepair: Bool) throws(JSONError) -> String {
        let value =
            try needingRepair
            ? parse(
                JSONRepair.repaired(
                    text.bindMemory(to: UInt8.self).span, wideIntegerEnds: [], mark: wideIntegerMark), depth: 0)
            : parse(text, depth: 0)
        guard case .string(let string) = value else { throw JSONError(.refused, at: 0) }
        return string
    }

    private static let wideIntegerMark = UInt8(ascii: ".")

    private static func parse(_ text: [UInt8], depth: Int) throws(JSONError) -> JSONValue {
        try text.span.bytes.withUnsafeBytes { (text) throws(JSONError) in try parse(text, depth: depth) }
    }

    private static func parse(_ text: UnsafeRawBufferPointer, depth: Int) throws(JSONError) -> JSONValue {
        // json-c counts the values within the innermost array or object as a level of their own.
        guard let tokener = json_tokener_new_ex(Int32(depth + 1)) else { throw JSONError(.refused, at: 0) }
        defer { json_tokener_free(tokener) }
        // The scanner has checked the UTF-8, so json-c need not look at every byte again.
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT)

        var root = json_tokener_parse_ex(
            tokener, text.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(text.count))
        defer { json_object_put(root) }
        // Out of memory, json-c returns early and may call that success.
        let end = json_tokener_get_parse_end(tokener)
        guard end == text.count else { throw JSONError(.refused, at: end) }
        if json_tokener_get_error(tokener) == json_tokener_continue {
            // A number that stands alone may still go on, as far as json-c knows. A NUL ends it.
            root = json_tokener_parse_ex(tokener, "", 1)
        }
        guard json_tokener_get_error(tokener) == json_tokener_success else { throw JSONError(.refused, at: end) }
        return try copy(root)
    }

    /// Copies a node and everything below it. The scanner has bounded the depth of the recursion.
    private static func copy(_ node: OpaquePointer?) throws(JSONError) -> JSONValue {
        switch json_object_get_type(node) {
        case json_type_null:
            return .null
        case json_type_boolean:
            return .bool(json_object_get_boolean(node) != 0)
        case json_type_int:
            // Exact: integers that may not fit in 64 bits come as doubles.
            return .number(JSONNumber(scanned: String(json_object_get_int64(node))))
        case json_type_double:
            return .number(try number(node))
        case json_type_string:
            guard let bytes = json_object_get_string(node) else { throw JSONError(.refused, at: 0) }
            let length = Int(json_object_get_string_len(node))
            return .string(String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self))
        case json_type_array:
            let count = json_object_array_length(node)
            var elements: [JSONValue] = []
            elements.reserveCapacity(count)
            for index in 0..<count {
                elements.append(try copy(json_object_array_get_idx(node, index)))
            }
            return .array(elements)
        case json_type_object:
            return .object(try members(node))
        default:
            throw JSONError(.refused, at: 0)
        }
    }

    /// A number's text, which json-c keeps beside the double.
    private static func number(_ node: OpaquePointer?) throws(JSONError) -> JSONNumber {
        guard let spelling = json_object_get_userdata(node) else { throw JSONError(.refused, at: 0) }
        var text = String(cString: spelling.assumingMemoryBound(to: CChar.self))
        if text.utf8.last == wideIntegerMark { text.removeLast() }
        return JSONNumber(scanned: text)
    }

    private static func members(_ node: OpaquePointer?) throws(JSONError) -> [JSONMember] {
        guard let table = json_object_get_object(node) else { throw JSONError(.refused, at: 0) }
        var members: [JSONMember] = []
        members.reserveCapacity(Int(json_object_object_length(node)))
        var next = lh_table_head(table)
        while let entry = next {
            guard let name = lh_entry_k(entry) else { throw JSONError(.refused, at: 0) }
            members.append(
                JSONMember(
                    // It ends at the first NUL. The scanner accepts no name that holds one.
                    name: String(cString: name.assumingMemoryBound(to: CChar.self)),
                    value: try copy(lh_entry_v(entry).map { OpaquePointer($0) })))
            next = lh_entry_next(entry)
        }
        return members
    }
}
