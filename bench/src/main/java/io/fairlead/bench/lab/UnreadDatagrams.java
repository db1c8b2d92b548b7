package io.fairlead.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Counts UDP datagrams that reached a socket of a namespace and found no room there, because the
 * lab's own program did not read in time. On a busy machine that happens; the network lost nothing.
 */
final class UnreadDatagrams {

  /** Of the thread's namespace; /proc/net would be that of the process. */
  private static final Path NET = Path.of("/proc/thread-self/net");

  private UnreadDatagrams() {}

  /** How many there were in {@code namespaces} since they were made, of both families. */
  static int count(List<LabNamespace> namespaces) throws IOException, InterruptedException {
    int count = 0;
    for (LabNamespace namespace : namespaces) {
      count += namespace.call(UnreadDatagrams::count);
    }
    return count;
  }

  private static int count() throws IOException {
    int version4 = column(Files.readAllLines(NET.resolve("snmp")), "RcvbufErrors");
    Path snmp6 = NET.resolve("snmp6");
    return Files.exists(snmp6) ? version4 + row(Files.readAllLines(snmp6)) : version4;
  }

  /** In snmp, the first line that begins with "Udp:" names the columns of the second. */
  private static int column(List<String> lines, String name) {
    List<String> udp = lines.stream().filter(line -> line.startsWith("Udp:")).toList();
    int index = List.of(udp.get(0).split(" ", -1)).indexOf(name);
    return Integer.parseInt(udp.get(1).split(" ", -1)[index]);
  }

  private static int row(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("Udp6RcvbufErrors"))
        .mapToInt(line -> Integer.parseInt(line.substring(line.indexOf('\t') + 1).strip()))
        .findFirst()
        .orElse(0);
  }
}
