package io.fairlead.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Searches a node's kernel and the agent's files for traces of the pods that it ever had. */
final class PodTraces {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LabNamespace namespace;
  private final Path state;
  private final Set<String> addresses = new HashSet<>();
  private final Set<String> containers = new HashSet<>();

  PodTraces(LabNamespace namespace, Path state) {
    this.namespace = namespace;
    this.state = state;
  }

  synchronized void expect(Pod pod) {
    for (InetAddress address : pod.addresses()) {
      // As programs print it: Java writes IPv6 addresses in full.
      addresses.add(IpAddress.parse(address.getHostAddress()).toString());
    }
    containers.add(pod.attachment().containerId());
  }

  synchronized Residue find() throws IOException, InterruptedException {
    return new Residue(
        veths(), routes(), leases(), lines(namesAnAddress(), "nft", "list", "ruleset"));
  }

  private List<String> veths() throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    for (JsonNode link : JSON.readTree(namespace.run("ip", "-j", "link", "show", "type", "veth"))) {
      String name = link.path("ifname").asText();
      if (!name.isEmpty() && !name.equals("eth0")) {
        names.add(name);
      }
    }
    return names;
  }

  private List<String> routes() throws IOException, InterruptedException {
    Predicate<String> traces = namesAnAddress();
    List<String> found = new ArrayList<>();
    found.addAll(lines(traces, "ip", "route", "show", "table", "all"));
    found.addAll(lines(traces, "ip", "-6", "route", "show", "table", "all"));
    found.addAll(lines(traces, "ip", "neighbour", "show", "nud", "permanent"));
    found.addAll(lines(traces, "ip", "rule"));
    return found;
  }

  /** The lines of a program's output that {@code wanted} accepts. */
  private List<String> lines(Predicate<String> wanted, String... command)
      throws IOException, InterruptedException {
    return namespace.run(command).lines().filter(wanted).map(String::strip).toList();
  }

  private Predicate<String> namesAnAddress() {
    if (addresses.isEmpty()) {
      return _ -> false;
    }
    // 10.244.1.2 is named neither by 10.244.1.20 nor by 110.244.1.2.
    String any = String.join("|", addresses.stream().map(Pattern::quote).toList());
    return Pattern.compile("(?<![0-9a-f:.])(" + any + ")(?![0-9a-f:]|\\.[0-9])").asPredicate();
  }

  private List<String> leases() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = file.getFileName() + "\n" + read(file);
        if (containers.stream().anyMatch(container -> holds(text, container))) {
          found.add(state.relativize(file).toString());
        }
      }
    }
    return found;
  }

  /** Whether the last that a file says of a container is something else than its release. */
  private static boolean holds(String text, String container) {
    int last = text.lastIndexOf(container);
    return last >= 0 && !text.substring(text.lastIndexOf('\n', last) + 1, last).contains("release");
  }

  private static String read(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return ""; // It was removed since the folder was listed.
    }
  }
}
