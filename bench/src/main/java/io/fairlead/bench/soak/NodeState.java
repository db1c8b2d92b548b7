package io.fairlead.bench.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.ProgramOutput;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything on a node that a pod can leave something in, as lines: links, queueing disciplines,
 * routes, neighbours, rules, the whole ruleset of nf_tables, leases, queued deletions, and
 * namespaces that the agent holds open.
 */
final class NodeState {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("ip", "-o", "-br", "link"),
          List.of("tc", "qdisc", "show"),
          List.of("ip", "route", "show", "table", "all"),
          List.of("ip", "-6", "route", "show", "table", "all"),
          List.of("ip", "neighbour", "show", "nud", "permanent"),
          List.of("ip", "rule"),
          List.of("nft", "-s", "list", "ruleset"));

  private NodeState() {}

  static List<String> of(Node node) throws IOException, InterruptedException {
    LabNamespace namespace = node.namespace();
    List<String> lines = new ArrayList<>();
    for (List<String> command : COMMANDS) {
      String name = command.getFirst() + " " + command.get(1) + ": ";
      namespace
          .run(command.toArray(String[]::new))
          .lines()
          .map(line -> name + normal(line))
          .forEach(lines::add);
    }
    lines.addAll(leases(node));
    lines.addAll(names(node.deleteQueue(), "queued "));
    lines.addAll(openNamespaces(node));
    return lines;
  }

  /** Without counters, times and states of carriers, and with a line for each element of a set. */
  private static String normal(String line) {
    return line.strip()
        .replaceAll("packets \\d+ bytes \\d+", "")
        .replaceAll("(expires|timeout) \\S+", "")
        .replaceAll(" (UP|DOWN|UNKNOWN) ", " ")
        .replaceAll("<[A-Z,_-]*>", "")
        .replaceAll(" linkdown", "")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static List<String> leases(Node node) throws IOException, InterruptedException {
    ProgramOutput output = node.commandLine("status", "-o", "json");
    for (JsonNode subsystem : JSON.readTree(output.out()).path("loop").path("subsystems")) {
      if (subsystem.path("name").asText().equals("pods")) {
        List<String> facts = new ArrayList<>();
        subsystem
            .path("facts")
            .properties()
            .forEach(fact -> facts.add("pods: " + fact.getKey() + " " + fact.getValue().asText()));
        return facts;
      }
    }
    throw new IOException("fairlead status does not tell of pods: " + output);
  }

  private static List<String> names(Path folder, String what) throws IOException {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        files.forEach(file -> names.add(what + file.getFileName()));
      }
    }
    return names;
  }

  private static List<String> openNamespaces(Node node) throws IOException {
    List<String> open = new ArrayList<>();
    Path descriptors = Path.of("/proc", Long.toString(node.agent().handle().pid()), "fd");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(descriptors)) {
      for (Path file : files) {
        String target = target(file);
        if (target.startsWith("net:")) {
          open.add("the agent holds " + target);
        }
      }
    }
    return open;
  }

  private static String target(Path link) throws IOException {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (NoSuchFileException e) {
      return ""; // It was closed since the folder was listed.
    }
  }

  /** The lines of {@code after} that {@code before} has not, or not so often. */
  static List<String> added(List<String> before, List<String> after) {
    List<String> added = new ArrayList<>(after);
    before.forEach(added::remove);
    return added;
  }
}
