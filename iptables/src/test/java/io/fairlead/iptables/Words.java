package io.fairlead.iptables;

import java.util.List;

/** Rules without what a reader of a test does not need: hashes, and the words of comments. */
final class Words {

  private Words() {}

  /** The rules of {@code save} that name {@code text}, with their chains' names cut short. */
  static List<String> naming(String text, String save) {
    return save.lines()
        .filter(line -> line.contains("\"" + text) || line.contains("--comment " + text + " "))
        .map(Words::brief)
        .toList();
  }

  /** The rules of the chains of ports: SVC, SVL, SEP and the others with a hash in their names. */
  static List<String> ports(String save) {
    return save.lines()
        .filter(line -> line.matches("-A FAIRLEAD-(SEP|SVC|SVL|SVG|EXT|EXL|FW)-.*"))
        .map(Words::brief)
        .toList();
  }

  /** The rules of one chain. */
  static List<String> chain(String chain, String save) {
    return save.lines()
        .filter(line -> line.startsWith("-A " + chain + " "))
        .map(Words::brief)
        .toList();
  }

  static String brief(String line) {
    return line.replaceAll("FAIRLEAD-(SEP|SVC|SVL|SVG|EXT|EXL|FW)-[A-Z2-7]+", "$1")
        .replaceAll(" -m comment --comment (\"[^\"]*\"|[^ ]+)", "")
        .replaceAll(" -m (tcp|udp|sctp|addrtype|mark)(?= )", "")
        .replaceAll(" --mask [0-9a-f.:]+ --rsource", "")
        .replace("-m statistic --mode random --probability", "-p")
        .replace("-A ", "")
        .replace("FAIRLEAD-", "");
  }
}
