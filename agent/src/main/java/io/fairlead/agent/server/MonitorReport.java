package io.fairlead.agent.server;

/**
 * Something that happened to an object of fairlead's in the kernel. {@code GET /monitor} of the
 * admin socket tells it as JSON with these names.
 *
 * @param time when the agent heard of it, ISO 8601
 * @param source "nftables", "routes", "links" or "ipvs"
 * @param operation "add", "change" or "delete"; "note" for a sentence about what is told
 * @param object in the words of the program that shows it
 * @param meaning what the object is called in the cluster; empty if unknown
 * @param by "fairlead", "process 4711 (nft)", or empty if the kernel did it or does not say
 */
public record MonitorReport(
    String time, String source, String operation, String object, String meaning, String by) {

  public static final String NOTE = "note";
  public static final String FAIRLEAD = "fairlead";

  /** A sentence between events. */
  public static MonitorReport note(String time, String source, String sentence) {
    return new MonitorReport(time, source, NOTE, sentence, "", "");
  }
}
