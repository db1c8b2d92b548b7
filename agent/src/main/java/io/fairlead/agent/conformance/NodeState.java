package io.fairlead.agent.conformance;

import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What there is on a node beside its pods: links, routes, rules of nf_tables (of iptables, too,
 * where that is iptables-nft), and the names of files in which plugins keep their state.
 *
 * @param lines one for each thing, so that two states can be compared
 */
record NodeState(Set<String> lines) {

  static NodeState read(Sandbox node, Path stateFolder) throws IOException {
    Set<String> lines = new TreeSet<>();
    List<Link> links = node.links();
    links.forEach(link -> lines.add("link " + link.name()));
    for (Route route : node.routes()) {
      String text = route.destination().toString();
      // Of these the kernel keeps one per link by itself.
      if (!text.startsWith("fe80:") && !text.startsWith("ff")) {
        lines.add("route " + text + (route.gateway() == null ? "" : " via " + route.gateway()));
      }
    }
    lines.addAll(rules(node));
    try (Stream<Path> files = Files.walk(stateFolder)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> lines.add("file " + stateFolder.relativize(file)));
    } catch (NoSuchFileException e) {
      return new NodeState(lines);
    }
    return new NodeState(lines);
  }

  /** Whether there are veth devices other than the node's own eth0. */
  static boolean hasPodLinks(Sandbox node) throws IOException {
    return node.links().stream()
        .anyMatch(link -> link.kind() instanceof LinkKind.Veth && !link.name().equals("eth0"));
  }

  /** Without counters; nothing if there is no nft(8) here. */
  private static Set<String> rules(Sandbox node) throws IOException {
    Set<String> rules = new TreeSet<>();
    if (Stream.of("/usr/sbin/nft", "/sbin/nft").map(Path::of).noneMatch(Files::isExecutable)) {
      return rules;
    }
    Process process =
        node.call(() ->
            new ProcessBuilder("nft", "-s", "list", "ruleset").redirectErrorStream(true).start());
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    text.lines()
        .map(String::strip)
        .filter(line -> line.length() > 1 && !line.startsWith("#"))
        .forEach(rules::add);
    return rules;
  }

  /** What is here and not in {@code former}. */
  Set<String> beyond(NodeState former) {
    Set<String> more = new TreeSet<>(lines);
    more.removeAll(former.lines);
    return more;
  }
}
