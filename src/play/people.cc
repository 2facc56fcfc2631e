// people.cc - names and habits out of a seed.
#include "play/people.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

#include "play/dice.h"

namespace berth::play {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

constexpr std::array<std::string_view, 32> kGiven = {
    "ana",  "ben",  "carla", "david", "emil",  "fatma", "greta", "hugo", "ines", "jan",  "kira",
    "luis", "mara", "nils",  "olga",  "paul",  "rosa",  "sami",  "tara", "uwe",  "vera", "wim",
    "yara", "zoe",  "aylin", "boris", "chloe", "dario", "elif",  "finn", "hana", "ivo"};
constexpr std::array<std::string_view, 40> kFamily = {
    "keller", "moreno", "novak",  "okafor", "petrov", "quinn",  "rossi",   "silva",
    "tanaka", "ueda",   "vogel",  "weber",  "xu",     "yilmaz", "zeman",   "adler",
    "bauer",  "costa",  "dubois", "eriks",  "farkas", "gruber", "haddad",  "ito",
    "jansen", "kowal",  "lopez",  "meyer",  "nagy",   "olsen",  "pereira", "ruiz",
    "sato",   "toth",   "urban",  "vidal",  "wolf",   "yang",   "zimmer",  "brandt"};

// What a throw of the dice is about, so that no two share one.
enum Topic : std::uint64_t { about_person = 1, about_habit = 2, about_day = 3 };

Dice dice(std::uint64_t seed, std::uint32_t number, Topic topic, std::uint64_t day = 0) {
  return Dice(mixed(mixed(mixed(seed, number), topic), day));
}

minutes bell(Dice& dice, minutes low, minutes high) {
  return minutes(dice.around_middle(low.count(), high.count()));
}

// Adds a visit, and moves `at` to its end; none where the one before went on too long.
void add(std::vector<Visit>& visits, minutes& at, minutes begin, minutes length, Dice& dice) {
  // People do not come on the full minute.
  const std::chrono::seconds off{dice.between(0, 59)};
  const minutes from = std::max(begin, at + 2min);
  visits.push_back({from + off, length});
  at = from + length;
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string capital(std::string text) {
  text.front() = upper(text.front());
  return text;
}

}  // namespace

Person person(std::uint64_t seed, std::uint32_t number, int servers) {
  Dice throws = dice(seed, number, about_person);
  Person person;
  person.given = kGiven[number % kGiven.size()];
  const std::size_t rest = number / kGiven.size();
  person.family = kFamily[rest % kFamily.size()];
  if (const std::size_t same = rest / kFamily.size(); same > 0) {
    person.family += std::to_string(same + 1);
  }
  person.contractor = throws.in_thousand(120);
  const std::uint64_t habit = throws.throw_one(100);
  person.habit = habit < 76 ? Habit::office : habit < 88 ? Habit::evening : Habit::phone;
  person.home = static_cast<int>(throws.throw_one(static_cast<std::uint64_t>(servers)));
  return person;
}

std::string spelled(const Person& person, Spelling spelling) {
  const std::string realm = person.contractor ? "partner.example" : "corp.example";
  const std::string small = person.given + "." + person.family;
  const std::string capitals = capital(person.given) + "." + capital(person.family);
  switch (spelling) {
    case Spelling::domain: return (person.contractor ? "PARTNER\\" : "CORP\\") + capitals;
    case Spelling::realm: return small + "@" + realm;
    case Spelling::capitals: return capitals + "@" + realm;
    case Spelling::shouting: break;
  }
  std::string loud = small + "@" + realm;
  std::ranges::transform(loud, loud.begin(), upper);
  return loud;
}

std::vector<Visit> visits_of(std::uint64_t seed, std::uint32_t number, Habit habit,
                             std::uint32_t day, bool weekend) {
  // The favourite hour is the same every day, the minutes around it are not. One throw a
  // statement: within one, compilers differ in what they evaluate first.
  Dice always = dice(seed, number, about_habit);
  Dice today = dice(seed, number, about_day, day);
  const minutes jitter = bell(today, -25min, 25min);

  std::vector<Visit> visits;
  minutes at = 0min;
  switch (habit) {
    case Habit::office: {
      const minutes morning = bell(always, 6h + 30min, 10h + 30min);
      if (!today.in_thousand(weekend ? 80 : 880)) break;
      add(visits, at, morning + jitter, bell(today, 1h + 30min, 4h + 30min), today);
      const minutes noon = bell(today, 15min, 80min);
      add(visits, at, at + noon, bell(today, 1h + 30min, 5h), today);
      if (today.in_thousand(200)) add(visits, at, 20h + jitter, bell(today, 10min, 90min), today);
      break;
    }
    case Habit::evening: {
      const minutes evening = bell(always, 16h + 30min, 22h);
      if (!today.in_thousand(800)) break;
      add(visits, at, evening + jitter, bell(today, 15min, 3h), today);
      if (today.in_thousand(250)) add(visits, at, at + 20min, bell(today, 10min, 1h), today);
      break;
    }
    case Habit::phone: {
      const std::int64_t times = always.between(4, 9);
      const minutes apart = minutes(16h) / times;
      for (std::int64_t i = 0; i < times; ++i) {
        const minutes later = bell(today, 0min, apart);
        add(visits, at, 7h + apart * i + jitter + later, bell(today, 2min, 25min), today);
      }
      break;
    }
  }
  return visits;
}

}  // namespace berth::play
