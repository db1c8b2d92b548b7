package io.fairlead.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Small scripts that run a command, or a shell, inside a namespace of a lab. */
final class ShellHints {

  private final Path folder;
  private final List<String> lines = new ArrayList<>();

  /** Scripts go to {@code folder}, one per namespace, with its name. */
  ShellHints(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  void addNode(Node node, Distribution distribution) throws IOException {
    script(
        node.name(),
        node.namespace(),
        "export FAIRLEAD_CNI_SOCKET=" + node.cniSocket(),
        "export FAIRLEAD_CNI_QUEUE=" + node.deleteQueue(),
        "export FAIRLEAD_ADMIN_SOCKET=" + node.adminSocket(),
        "export PATH=" + distribution.launcher().getParent() + ":$PATH");
    lines.add("node " + node.name() + "  " + String.join(" ", node.addresses()));
    lines.add("  enter      " + enter(node.namespace()));
    lines.add("  status     " + folder.resolve(node.name()) + " fairlead status");
    lines.add("  CNI        " + node.cniSocket());
    lines.add("  log        tail -F " + node.log());
  }

  void addPod(Pod pod) throws IOException {
    script(pod.name(), pod.namespace());
    lines.add(
        "pod " + pod.name() + "   " + pod.address().getHostAddress() + " on " + pod.node().name());
    lines.add("  enter      " + enter(pod.namespace()));
  }

  void addNamespace(String purpose, LabNamespace namespace) throws IOException {
    script(namespace.name(), namespace);
    lines.add(namespace.name() + "  " + purpose);
    lines.add("  enter      " + enter(namespace));
  }

  private static String enter(LabNamespace namespace) {
    return "nsenter --net=" + namespace.path();
  }

  private void script(String name, LabNamespace namespace, String... variables) throws IOException {
    String text =
        "#!/bin/sh\n"
            + String.join("\n", variables)
            + "\n[ $# -gt 0 ] || set -- \"${SHELL:-/bin/sh}\"\n"
            + "exec "
            + enter(namespace)
            + " -- \"$@\"\n";
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What to tell a person. */
  String text() {
    return String.join("\n", lines);
  }
}
