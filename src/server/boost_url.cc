// boost_url.cc - Boost.URL itself, compiled once.
#include <boost/url/src.hpp>
