#pragma once

#include "recipes/recipe_server.hpp"

namespace certpivot::testing {

/// What every recipe of config/examples must stand, as written, with the real server: a first pair
/// before the server starts, five rotations, a change of the CA that client certificates are
/// verified with, a broken pair, and a rollback, while a client connects without pause. The client
/// must never be served anything but what is or was in force, and no connection may fail that the
/// server does not lose by itself.
void stand_trial(RecipeServer server);

}  // namespace certpivot::testing
