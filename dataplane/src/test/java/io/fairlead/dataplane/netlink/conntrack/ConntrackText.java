package io.fairlead.dataplane.netlink.conntrack;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The common ground of our entries and the lines of {@code conntrack -L -o id,extended}. */
final class ConntrackText {

  private static final Pattern FIELD =
      Pattern.compile("(src|dst|sport|dport|type|code|id|mark|zone|zone-orig)=(\\S+)|\\[(\\w+)]");
  private static final Pattern PROTOCOL = Pattern.compile("ipv[46]\\s+\\d+\\s+\\S+\\s+(\\d+)\\s.*");

  private ConntrackText() {}

  static String parse(String line) {
    Matcher protocol = PROTOCOL.matcher(line);
    if (!protocol.matches()) {
      throw new AssertionError("conntrack printed a line of another form: " + line);
    }
    StringBuilder text = new StringBuilder("protocol=" + protocol.group(1));
    Matcher field = FIELD.matcher(line);
    while (field.find()) {
      boolean flag = field.group(3) != null;
      if (flag && !field.group(3).matches("ASSURED|UNREPLIED")) {
        continue;
      }
      text.append(' ').append(flag ? field.group(3) : field.group(1) + "=" + field.group(2));
    }
    return text.toString();
  }

  static String of(ConntrackEntry entry) {
    StringBuilder text = new StringBuilder("protocol=" + entry.protocol());
    append(text, entry.original(), entry.zone(), ConntrackZone.Direction.ORIGINAL);
    if (!entry.has(ConntrackStatus.SEEN_REPLY)) {
      text.append(" UNREPLIED");
    }
    append(text, entry.reply(), entry.zone(), ConntrackZone.Direction.REPLY);
    if (entry.has(ConntrackStatus.ASSURED)) {
      text.append(" ASSURED");
    }
    text.append(" mark=").append(Integer.toUnsignedString(entry.mark()));
    if (entry.zone().id() != 0 && entry.zone().direction() == ConntrackZone.Direction.BOTH) {
      text.append(" zone=").append(entry.zone().id());
    }
    return text.append(" id=").append(Integer.toUnsignedString(entry.id())).toString();
  }

  private static void append(
      StringBuilder text,
      ConntrackTuple tuple,
      ConntrackZone zone,
      ConntrackZone.Direction direction) {
    text.append(" src=").append(tuple.source()).append(" dst=").append(tuple.destination());
    switch (tuple.key()) {
      case TransportKey.Ports ports ->
          text.append(" sport=")
              .append(ports.source())
              .append(" dport=")
              .append(ports.destination());
      case TransportKey.Icmp icmp ->
          text.append(" type=" + icmp.type() + " code=" + icmp.code() + " id=" + icmp.identifier());
      case TransportKey.None _ -> {}
    }
    if (zone.direction() == direction) {
      text.append(" zone-orig=").append(zone.id());
    }
  }
}
