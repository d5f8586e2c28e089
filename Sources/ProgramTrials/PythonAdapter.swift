/// What starts a student's Python program. A file that does something by itself is run as it is; one that defines
/// `smtp_client(port, mailserver)`, as the book's skeleton does, and connects to nothing by itself, has that function called.
enum PythonAdapter {
  static let fileName = ".start.py"
  static let text = """
    import ast, sys

    path, host, port = sys.argv[1], sys.argv[2], sys.argv[3]
    sys.argv = [path] + sys.argv[4:]
    with open(path, "rb") as file:
        source = file.read()
    code = compile(source, path, "exec")
    defined = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    isSkeleton = "smtp_client" in defined
    touched = []
    if isSkeleton:
        sys.addaudithook(lambda event, arguments: event in ("socket.connect", "socket.bind") and touched.append(event))
    place = {"__name__": "client" if isSkeleton else "__main__", "__file__": path, "__builtins__": __builtins__}
    sys.path[0] = ""
    exec(code, place)
    if isSkeleton and not touched:
        place["smtp_client"](int(port), host)

    """
}
