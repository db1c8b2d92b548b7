package io.fairlead.agent.why;

import io.fairlead.agent.server.RefusedException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a packet is sent, as a word of the command line says it.
 *
 * @param port a number or the name of a port; empty for ICMP
 * @param transport null if the word does not say: then the port's own, or else TCP
 */
record AskedDestination(Asked party, String port, @Nullable Transport transport) {

  private static final int LARGEST_PORT = 65535;

  /**
   * Reads "web:80", "default/web:http/tcp", "10.96.0.10:53/udp", "[fd00::a]:53/udp", "web/icmp".
   *
   * @param namespace of names that do not say theirs
   * @throws RefusedException if it is nothing like that
   */
  static AskedDestination parse(String word, String namespace) throws RefusedException {
    String rest = word;
    Transport transport = null;
    int slash = word.lastIndexOf('/');
    if (slash >= 0) {
      transport = Transport.parse(word.substring(slash + 1));
      if (transport != null) {
        rest = word.substring(0, slash);
      } else if (word.lastIndexOf(':') >= 0 && slash > word.lastIndexOf(':')) {
        throw new RefusedException(
            "\""
                + word.substring(slash + 1)
                + "\" is no protocol that can be asked about. It is tcp, udp, sctp or icmp");
      }
    }
    if (transport == Transport.ICMP) {
      return new AskedDestination(Asked.parse(unbracketed(rest), namespace), "", transport);
    }
    int colon = rest.lastIndexOf(':');
    boolean isBare = rest.indexOf(':') != colon && !rest.startsWith("[");
    if (colon < 0 || isBare || rest.endsWith("]")) {
      throw new RefusedException(
          "\""
              + word
              + "\" names no port. Write it behind a colon, such as "
              + (isBare ? "[" + rest + "]" : rest)
              + ":80, or /icmp behind the name");
    }
    String port = rest.substring(colon + 1).toLowerCase(Locale.ROOT);
    if (!isPort(port)) {
      throw new RefusedException(
          "\"" + port + "\" is no port. It is a number from 1 to 65535, or the name of a port");
    }
    return new AskedDestination(
        Asked.parse(unbracketed(rest.substring(0, colon)), namespace), port, transport);
  }

  private static String unbracketed(String word) {
    return word.startsWith("[") && word.endsWith("]") ? word.substring(1, word.length() - 1) : word;
  }

  private static boolean isPort(String word) {
    if (word.matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(word);
      return number > 0 && number <= LARGEST_PORT;
    }
    return word.matches("[a-z0-9-]{1,63}") && word.matches(".*[a-z].*");
  }

  /** The port if it is a number, else 0. */
  int number() {
    return port.matches("[0-9]+") ? Integer.parseInt(port) : 0;
  }
}
