package io.fairlead.agent.conformance;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tries every obligation on a plugin, one after the other, in network namespaces made for that.
 * Needs root. Nothing of the machine's own network is touched; files are written where the plugin's
 * configuration says, or in a temporary folder.
 */
public final class Conformance {

  /** Hears of every finding as soon as there is one. */
  public interface Listener {

    /** An obligation is tried now. */
    void begins(String id, int number, int total);

    void found(Finding finding);
  }

  /** What reports call the folder that was made for a run. */
  private static final String FOLDER = "DIR";

  private final Subject subject;
  private final List<Obligation> obligations;
  private final Listener listener;
  private TestNode machine;
  private Versions versions;
  private Testbed bed;

  private Conformance(Subject subject, List<Obligation> obligations, Listener listener)
      throws IOException, InterruptedException {
    this.subject = subject;
    this.obligations = obligations;
    this.listener = listener;
    this.machine = TestNode.create(subject);
    try {
      this.versions = Versions.ask(machine.runtime(), machine.network());
      machine.waitReady(versions);
      this.bed = Testbed.open(machine, versions);
    } catch (IOException | InterruptedException | RuntimeException e) {
      machine.close();
      throw e;
    }
  }

  /** The ids of all obligations, in the order in which they are tried. */
  public static List<String> ids() {
    return Obligations.all().map(Obligation::id).toList();
  }

  /**
   * Tries the obligations whose id is, or begins with, one of {@code only}; all if that is empty.
   *
   * @throws IOException with a sentence if the plugin cannot be tried at all
   */
  public static Report run(Subject subject, List<String> only, Listener listener)
      throws IOException, InterruptedException {
    Stream<Obligation> chosen =
        Obligations.all()
            .filter(each ->
                only.isEmpty()
                    || only.stream()
                        .anyMatch(id -> each.id().equals(id) || each.id().startsWith(id + ".")));
    return new Conformance(subject, chosen.toList(), listener).run();
  }

  private Report run() throws IOException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    try {
      for (Obligation obligation : obligations) {
        listener.begins(obligation.id(), findings.size() + 1, obligations.size());
        Finding finding = judge(obligation);
        findings.add(finding);
        listener.found(finding);
        if (!bed.clear()) {
          renew();
        }
      }
      return new Report(
          subject.binary().toString(),
          bed.network().text().replace(machine.folder().toString(), FOLDER),
          versions.supported(),
          findings);
    } finally {
      bed.close();
    }
  }

  private Finding judge(Obligation obligation) throws InterruptedException {
    long start = System.nanoTime();
    Finding.Verdict verdict;
    String seen;
    try {
      seen = obligation.check().run(bed);
      verdict = Finding.Verdict.PASS;
    } catch (Inapplicable e) {
      seen = String.valueOf(e.getMessage());
      verdict = Finding.Verdict.SKIPPED;
    } catch (InterruptedException e) {
      throw e;
    } catch (Unmet | IOException e) {
      seen = String.valueOf(e.getMessage());
      verdict = Finding.Verdict.FAIL;
    } catch (Exception e) {
      seen = e.toString();
      verdict = Finding.Verdict.FAIL;
    }
    seen = seen.replace(bed.folder().toString(), FOLDER);
    return Finding.of(obligation, verdict, seen, Duration.ofNanos(System.nanoTime() - start));
  }

  /** A new node: what the plugin left on the old one must not fail what comes next. */
  private void renew() throws IOException, InterruptedException {
    bed.close();
    machine = TestNode.create(subject);
    machine.waitReady(versions);
    bed = Testbed.open(machine, versions);
  }
}
