package io.fairlead.agent.conformance;

/**
 * One thing that is asked of a plugin.
 *
 * @param id what reports and {@code --only} call it, for example {@code add.twice}
 * @param section where it is written: of the CNI specification 1.1.0, unless it names another text
 * @param edgeCase the line of docs/edge-cases.md that it shows, or empty
 * @param text the obligation, as a sentence about the plugin
 */
record Obligation(String id, String section, String edgeCase, String text, Check check) {

  /** Where obligations are written. */
  static final String CONFIGURATION = "section 1, configuration format";

  static final String PARAMETERS = "section 2, parameters";
  static final String ERRORS = "section 2, errors";
  static final String ADD = "section 2, ADD";
  static final String DEL = "section 2, DEL";
  static final String CHECK = "section 2, CHECK";
  static final String STATUS = "section 2, STATUS";
  static final String VERSION = "section 2, VERSION";
  static final String GC = "section 2, GC";
  static final String DERIVING = "section 3, deriving the request";
  static final String RESULT = "section 5, ADD success";
  static final String ERROR_OBJECT = "section 5, error";
  static final String CONVENTIONS = "CONVENTIONS.md";
  static final String PRACTICE = "beyond the specification: what runtimes rely on";

  /** Tries it out. */
  interface Check {

    /**
     * Drives the plugin in {@code bed}.
     *
     * @return what was seen, for people
     * @throws Unmet if the plugin does not do what is asked
     * @throws Inapplicable if this plugin or this machine does not let it be tried
     * @throws Exception if it cannot be told, which counts as not met
     */
    String run(Testbed bed) throws Exception;
  }

  static Obligation of(String id, String section, String text, Check check) {
    return new Obligation(id, section, "", text, check);
  }

  /** The same, as the one that shows lines of "pod-network" in docs/edge-cases.md. */
  Obligation shows(String numbers) {
    return new Obligation(id, section, "pod-network " + numbers, text, check);
  }
}
