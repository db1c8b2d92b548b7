package io.fairlead.bench.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Of what is measured: fairlead's commit, and the packages that the rivals are of. */
final class Versions {

  private static final List<String> PACKAGES =
      List.of(
          "iptables",
          "nftables",
          "ipset",
          "ipvsadm",
          "iproute2",
          "containernetworking-plugins",
          "iperf3");

  private Versions() {}

  /** Facts for an environment; what cannot be told is left out. */
  static Map<String, String> describe(Path tree) throws InterruptedException {
    Map<String, String> facts = new LinkedHashMap<>();
    List<String> git = List.of("git", "-C", tree.toString());
    List<String> commit = output(git, "rev-parse", "HEAD");
    if (!commit.isEmpty()) {
      boolean changed = !output(git, "status", "--porcelain", "--untracked-files=no").isEmpty();
      facts.put("fairlead", commit.getFirst() + (changed ? ", with changes" : ""));
    }
    List<String> query =
        List.of("dpkg-query", "--show", "--showformat", "${Package} ${Version} ${Status}\\n");
    List<String> packages = new ArrayList<>();
    for (String line : output(query, PACKAGES.toArray(String[]::new))) {
      String[] words = line.split(" ", 3);
      if (words.length == 3 && words[2].endsWith(" installed")) {
        packages.add(words[0] + " " + words[1]);
      }
    }
    if (!packages.isEmpty()) {
      facts.put("packages of rivals", String.join(", ", packages));
    }
    return facts;
  }

  /** The lines that a program prints; none if there is no such program. */
  private static List<String> output(List<String> program, String... arguments)
      throws InterruptedException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return text.lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
