package io.fairlead.dataplane.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says of what is there in a certain order, such as the rules of a chain, whether it is right. */
public final class Alignment {

  /**
   * One of them.
   *
   * @param identity equal for what means the same
   * @param packets that it has counted; -1 if it does not count
   * @param bytes that it has counted; -1 if it does not count
   */
  public record Line(String identity, String text, long packets, long bytes) {

    /** One whose text says what it means, and that does not count. */
    public static Line of(String text) {
      return new Line(text, text, -1, -1);
    }
  }

  private final String place;
  private final List<KernelObject> objects = new ArrayList<>();
  private final Deque<Line> missing = new ArrayDeque<>();
  private final Deque<Line> extra = new ArrayDeque<>();

  private Alignment(String place) {
    this.place = place;
  }

  /**
   * All that is there and all that should be, in order. What is there instead of something else is
   * one object.
   *
   * @param place of each
   */
  public static List<KernelObject> of(String place, List<Line> wanted, List<Line> found) {
    Alignment alignment = new Alignment(place);
    alignment.compare(wanted, found);
    return alignment.objects;
  }

  private void compare(List<Line> wanted, List<Line> found) {
    Map<String, Deque<Integer>> indexes = new HashMap<>();
    for (int i = 0; i < found.size(); i++) {
      indexes.computeIfAbsent(found.get(i).identity(), _ -> new ArrayDeque<>()).add(i);
    }
    int next = 0;
    for (Line line : wanted) {
      Deque<Integer> same = indexes.getOrDefault(line.identity(), new ArrayDeque<>());
      while (!same.isEmpty() && same.getFirst() < next) {
        same.removeFirst();
      }
      if (same.isEmpty()) {
        missing.add(line);
        continue;
      }
      int at = same.removeFirst();
      extra.addAll(found.subList(next, at));
      flush();
      objects.add(present(place, found.get(at)));
      next = at + 1;
    }
    extra.addAll(found.subList(next, found.size()));
    flush();
  }

  private void flush() {
    while (!missing.isEmpty() && !extra.isEmpty()) {
      objects.add(different(place, extra.removeFirst().text(), missing.removeFirst().text()));
    }
    missing.forEach(line -> objects.add(KernelObject.missing(place, line.text())));
    extra.forEach(line -> objects.add(unwanted(place, line.text())));
    missing.clear();
    extra.clear();
  }

  private static KernelObject present(String place, Line line) {
    return new KernelObject(
        place, line.text(), KernelObject.State.PRESENT, line.packets(), line.bytes());
  }

  /** Something that is there in the place of something else. */
  public static KernelObject different(String place, String found, String wanted) {
    return KernelObject.different(place, "found " + found + ", wanted " + wanted);
  }

  /** Something that is there and should not be. */
  public static KernelObject unwanted(String place, String found) {
    return different(place, found, "nothing");
  }
}
