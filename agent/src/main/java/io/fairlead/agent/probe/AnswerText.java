package io.fairlead.agent.probe;

import io.fairlead.agent.probe.ProbeReport.Answer;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.ProbeSocket.IcmpError;
import io.fairlead.dataplane.sys.ProbeSocket.Outcome;
import java.time.Duration;
import java.util.Locale;

/** What came back, in words. */
final class AnswerText {

  private AnswerText() {}

  /**
   * The answer.
   *
   * @param took until it came
   * @param limit how long it was waited for
   */
  static Answer of(ProbeProtocol protocol, Outcome outcome, Duration took, Duration limit) {
    return switch (outcome) {
      case Outcome.Answered _ ->
          answer(
              Answer.Kind.ANSWERED,
              switch (protocol) {
                case TCP -> "SYN-ACK";
                case UDP -> "an answer";
                case ICMP -> "echo reply";
              },
              took);
      case Outcome.Failed failed -> failed(protocol, failed, took);
      case Outcome.Silent _ ->
          new Answer(Answer.Kind.SILENT, "no answer within " + limit.toSeconds() + " s", -1);
    };
  }

  private static Answer answer(Answer.Kind kind, String what, Duration took) {
    String text = String.format(Locale.ROOT, "%s after %.1f ms", what, took.toNanos() / 1e6);
    return new Answer(kind, text, took.toNanos() / 1000);
  }

  private static Answer failed(ProbeProtocol protocol, Outcome.Failed failed, Duration took) {
    IcmpError icmp = failed.icmp();
    if (failed.errno() == Errno.EMSGSIZE) {
      String mtu = failed.mtu() == 0 ? "" : " (MTU " + failed.mtu() + ")";
      return icmp == null
          ? new Answer(
              Answer.Kind.TOO_LONG, "EMSGSIZE: longer than its own link or route allows" + mtu, -1)
          : answer(
              Answer.Kind.TOO_LONG,
              "ICMP fragmentation needed" + mtu + " from " + icmp.from(),
              took);
    }
    if (icmp != null) {
      Answer.Kind kind =
          failed.errno() == Errno.ECONNREFUSED ? Answer.Kind.REFUSED : Answer.Kind.UNREACHABLE;
      return answer(kind, "ICMP " + icmp(icmp) + " from " + icmp.from(), took);
    }
    if (failed.errno() == Errno.ECONNREFUSED && protocol == ProbeProtocol.TCP) {
      return answer(Answer.Kind.REFUSED, "refused (RST)", took);
    }
    return new Answer(
        Answer.Kind.UNREACHABLE,
        "the sender's own kernel refused it: " + Errno.describe(failed.errno()),
        -1);
  }

  private static String icmp(IcmpError error) {
    boolean v4 = error.from().family() == AddressFamily.IPV4;
    String numbers = "type " + error.type() + " code " + error.code();
    if (v4 && error.type() == 3) {
      return switch (error.code()) {
        case 0 -> "network unreachable";
        case 1 -> "host unreachable";
        case 3 -> "port unreachable";
        case 9, 10, 13 -> "administratively prohibited";
        default -> "destination unreachable (" + numbers + ")";
      };
    }
    if (!v4 && error.type() == 1) {
      return switch (error.code()) {
        case 0 -> "no route";
        case 1 -> "administratively prohibited";
        case 3 -> "address unreachable";
        case 4 -> "port unreachable";
        default -> "destination unreachable (" + numbers + ")";
      };
    }
    return error.type() == (v4 ? 11 : 3) ? "time exceeded" : numbers;
  }
}
